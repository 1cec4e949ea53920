/**
 * Returns whether an access code can be sent in a header: printable ASCII that neither starts nor
 * ends with a space.
 */
export function isSendableAccessCode(code: string): boolean {
  return /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(code)
}
