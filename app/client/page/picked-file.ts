import type { FileToUpload } from '@oss-direct-upload/uploader'
import { getFileType } from '@uppy/core/utils'

/** A file with its path in a folder that was dropped; `getDroppedFiles` sets it. */
type DroppedFile = File & { relativePath?: string | null }

/** Returns what the uploader needs of a file that was selected, dropped, pasted or taken. */
export function pickedFile(data: File): FileToUpload & { data: File } {
  const path = (data as DroppedFile).relativePath || data.webkitRelativePath || data.name
  return { name: path.replace(/^\//, ''), type: mediaType(data), data }
}

/** Returns the media type, by the extension where the browser does not know it; empty if unknown. */
function mediaType(data: File): string {
  if (data.type !== '') return data.type
  const type = getFileType({ name: data.name, type: '' })
  return type === 'application/octet-stream' ? '' : type
}
