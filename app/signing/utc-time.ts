import { SigningError } from './signing-error.ts'

/** Both texts of one instant, so that the day of the key and the second of the date always agree. */
export interface UtcTime {
  /** `YYYYMMDD`, the day that the V4 key is derived for. */
  day: string
  /** `YYYYMMDDTHHMMSSZ`, the value of x-oss-date. */
  date: string
}

/**
 * Returns an instant in the forms that V4 signing uses. Fractions of a second are truncated.
 *
 * @throws SigningError `InvalidDate` when the date is invalid or outside the years 0 to 9999
 */
export function utcTime(instant: Date): UtcTime {
  const year = instant.getUTCFullYear()
  if (!(year >= 0 && year <= 9999)) {
    throw new SigningError('InvalidDate', 'The time to sign for is not a valid date')
  }
  const iso = instant.toISOString()
  const day = iso.slice(0, 4) + iso.slice(5, 7) + iso.slice(8, 10)
  return { day, date: `${day}T${iso.slice(11, 13)}${iso.slice(14, 16)}${iso.slice(17, 19)}Z` }
}
