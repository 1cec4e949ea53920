import { timingSafeEqual } from 'node:crypto'
import { type ErrorChange, OssError } from '../errors/oss-error.ts'

/**
 * Compares two signatures in constant time.
 *
 * @param toSign Text that was signed, shown in the error
 * @param change EC and further elements of the error
 * @throws OssError SignatureDoesNotMatch
 */
export function compareSignatures(
  given: string,
  expected: string,
  accessKeyId: string,
  toSign: string,
  { ec, details }: ErrorChange = {},
): void {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  if (a.length === b.length && timingSafeEqual(a, b)) return
  throw new OssError('signatureDoesNotMatch', {
    ...(ec === undefined ? {} : { ec }),
    details: {
      OSSAccessKeyId: accessKeyId,
      SignatureProvided: given,
      StringToSign: toSign,
      ...details,
    },
  })
}
