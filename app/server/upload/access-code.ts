import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether the code offered is the one expected, in a time that tells nothing of either. */
export function isAccessCode(offered: string | undefined, expected: string): boolean {
  if (offered === undefined) return false
  return timingSafeEqual(digest(offered), digest(expected))
}

/** Whether a header can carry the code: printable ASCII without spaces at its ends. */
export function isSendableCode(code: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(code)
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
