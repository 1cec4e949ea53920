/** Bytes of a prefix; a key needs room for its random part and a name after it. */
const DIR_BYTES = 512

/** What a key prefix must be, to follow the name of a setting in a sentence. */
export const UPLOAD_DIR_RULE = `must be a prefix like upload/, at most ${DIR_BYTES} bytes long`

/** Returns whether a text can be the prefix of every key: a folder's name, or nothing. */
export function isUploadDir(dir: string): boolean {
  return (
    Buffer.byteLength(dir) <= DIR_BYTES &&
    dir.isWellFormed() &&
    !/^[/\\]|\p{Cc}|\$\{|(^|\/)\.\.?(\/|$)|\/\//u.test(dir)
  )
}
