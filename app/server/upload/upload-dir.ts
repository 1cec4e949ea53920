/** Bytes of a prefix; behind it a key needs room for its random part and a name. */
const DIR_BYTES = 512

/** What is asked of a key prefix, to be put behind the name of the setting. */
export const UPLOAD_DIR_RULE = `must be a prefix like upload/, at most ${DIR_BYTES} bytes long`

/** Whether a text can stand before every key: a folder's name, or nothing. */
export function isUploadDir(dir: string): boolean {
  return (
    Buffer.byteLength(dir) <= DIR_BYTES &&
    dir.isWellFormed() &&
    !/^[/\\]|\p{Cc}|\$\{|(^|\/)\.\.?(\/|$)|\/\//u.test(dir)
  )
}
