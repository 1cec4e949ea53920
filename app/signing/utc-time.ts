import { SigningError } from './signing-error.ts'

/** Both texts of one instant, so that the day of the key and the second of the date cannot differ. */
export interface UtcTime {
  /** `YYYYMMDD`, the day that the V4 key is derived for. */
  day: string
  /** `YYYYMMDDTHHMMSSZ`, the value of x-oss-date. */
  date: string
}

/** The second that was asked for last: under load, the one that is asked for next. */
let last: { second: number; time: Readonly<UtcTime> } = {
  second: Number.NaN,
  time: { day: '', date: '' },
}

/**
 * The instant in the forms V4 signing uses; fractions of a second are cut, never rounded up into
 * the next day.
 *
 * @throws SigningError `InvalidDate` when the date is invalid or outside the years 0 to 9999
 */
export function utcTime(instant: Date): Readonly<UtcTime> {
  const second = Math.floor(instant.getTime() / 1000)
  if (second === last.second) return last.time
  const year = instant.getUTCFullYear()
  if (!(year >= 0 && year <= 9999)) {
    throw new SigningError('InvalidDate', 'The time to sign for is not a valid date')
  }
  const iso = instant.toISOString()
  const date = `${iso.slice(0, 19).replaceAll(/[-:]/g, '')}Z`
  last = { second, time: { day: date.slice(0, 8), date } }
  return last.time
}

/** The second that was written last, up to its fraction. */
let lastIso = { second: Number.NaN, text: '' }

/**
 * `Date.prototype.toISOString` of a time, of which under load only the milliseconds are new.
 *
 * @param time Unix milliseconds
 * @throws RangeError when it is no time
 */
export function isoTime(time: number): string {
  const second = Math.floor(time / 1000)
  if (second !== lastIso.second) {
    lastIso = { second, text: new Date(time).toISOString().slice(0, -'000Z'.length) }
  }
  return `${lastIso.text}${String(time - second * 1000).padStart(3, '0')}Z`
}
