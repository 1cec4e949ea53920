/** A key for a terminal: control and format characters are shown as escapes, not obeyed. */
export function printableKey(key: string): string {
  return key.replaceAll(
    /[\p{C}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${character.codePointAt(0)?.toString(16)}}`,
  )
}
