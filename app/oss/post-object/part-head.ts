import { isUtf8 } from 'node:buffer'
import { OssError } from '../errors/oss-error.ts'

/** The head of a form's part. */
export interface PartHead {
  name: string
  /** Absent when the part has none, or only a `filename*`, which OSS does not read. */
  fileName?: string
  /** Whether the part has a `filename*`, which makes it an ordinary field. */
  extended: boolean
  /** Empty when there is none. */
  contentType: string
}

/** Headers after Content-Disposition. OkHttp writes the length, HTTP clients of Dart and Java the encoding. */
const HEADERS = ['content-type', 'content-length', 'content-transfer-encoding']
const MAX_NAME_BYTES = 8 * 1024
const PARAMETER = /\s*;\s*([a-z0-9-]+\*?)\s*=\s*(?:"((?:[^"\\]|\\[\s\S])*)"|([^\s";]*))/iy

/**
 * Parses the head of a part: Content-Disposition, then headers of its content. Source: "PostObject" and
 * the pages of EC 0006-00000109 and -110, Alibaba Cloud OSS documentation.
 *
 * @param head Lines, one character for each byte
 * @throws OssError
 */
export function readPartHead(head: string): PartHead {
  const lines = head.split('\r\n')
  if (lines.some((line) => /[\r\n\0]/.test(line))) throw new OssError('malformedPartHead')
  const [first = '', ...others] = lines
  const disposition = /^content-disposition:\s*form-data(?=\s*;|\s*$)/i.exec(first)
  if (!disposition) throw new OssError('malformedPartHead')
  const parameters = readParameters(first, disposition[0].length)
  const name = parameters.get('name')
  if (name === undefined) throw new OssError('malformedPartHead')
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new OssError('fieldNameTooLong')
  let contentType = ''
  for (const line of others) {
    const [, header = '', value = ''] = /^([^:]+):\s*(.*?)\s*$/.exec(line) ?? []
    if (!HEADERS.includes(header.toLowerCase())) throw new OssError('unknownPartHeader')
    if (header.toLowerCase() === 'content-type') contentType = value
  }
  const fileName = parameters.get('filename')
  return {
    name,
    ...(fileName === undefined ? {} : { fileName: lastPart(fileName) }),
    extended: parameters.has('filename*'),
    contentType,
  }
}

function readParameters(line: string, from: number): Map<string, string> {
  const parameters = new Map<string, string>()
  let at = from
  while (at < line.length) {
    PARAMETER.lastIndex = at
    const found = PARAMETER.exec(line)
    if (!found) {
      if (line.slice(at).trim() === '') break
      throw new OssError('malformedPartHead')
    }
    const [whole, name = '', quoted, plain = ''] = found
    // Only quotes are escaped. Any other backslash belongs to a path.
    const value = quoted === undefined ? plain : quoted.replaceAll('\\"', '"')
    const key = name.toLowerCase()
    if (parameters.has(key)) throw new OssError('malformedPartHead')
    parameters.set(key, utf8(value))
    at += whole.length
  }
  return parameters
}

// Some browsers send the whole path.
function lastPart(fileName: string): string {
  return fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1)
}

function utf8(text: string): string {
  const bytes = Buffer.from(text, 'latin1')
  if (!isUtf8(bytes)) throw new OssError('malformedPartHead')
  return bytes.toString('utf8')
}
