import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether the code offered is the one expected, in a time that tells nothing of either. */
export function isAccessCode(offered: string | undefined, expected: string): boolean {
  if (offered === undefined) return false
  return timingSafeEqual(digest(offered), digest(expected))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
