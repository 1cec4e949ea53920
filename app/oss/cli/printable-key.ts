/** Returns a key for a terminal, with control and format characters escaped. */
export function printableKey(key: string): string {
  return key.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
