import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { OssError } from '../errors/oss-error.ts'
import { MultipartBody } from './multipart-body.ts'
import { readPartHead } from './part-head.ts'

/** Bytes of a part's head, of a field's value, and of all fields before the file (EC pages). */
const LIMITS = { head: 16 * 1024, value: 2 * 1024 * 1024, fields: 8 * 1024 * 1024 }

/** A form whose file still arrives. */
export interface PostForm {
  /** By lower-case names, in the order sent. */
  fields: Map<string, string>
  /** Name of the file, for `${filename}`; empty when it has none. */
  fileName: string
  /** Content-Type of the file's part; empty when it has none. */
  fileType: string
  /** Content of the file. Throws when the form is cut, or when anything follows the file. */
  file: AsyncIterable<Uint8Array>
  /** Must be called in any case: releases the request. */
  close(): void
}

/**
 * Reads a form up to the start of its file. The file is read, with back pressure, by iterating over
 * `file`. Only when all of it has been read is the form known to be well-formed.
 *
 * @param onBytes Receives all bytes of the body, in order
 * @throws OssError
 */
export async function readForm(
  request: IncomingMessage,
  onBytes: (bytes: Buffer) => void = () => {},
): Promise<PostForm> {
  const body = new MultipartBody(request, boundaryOf(request), onBytes)
  try {
    return await readFields(body)
  } catch (error) {
    body.close()
    throw error
  }
}

async function readFields(body: MultipartBody): Promise<PostForm> {
  const fields = new Map<string, string>()
  let size = 0
  for (;;) {
    const head = await body.nextHead(LIMITS.head)
    if (head === undefined) throw new OssError('fileMissing')
    const { name, fileName = '', extended, contentType } = readPartHead(head)
    if (name === 'file' && (fileName !== '' || !extended)) {
      const close = (): void => body.close()
      return { fields, fileName, fileType: contentType, file: readFile(body), close }
    }
    const value = await readValue(body)
    const key = name.toLowerCase()
    size += Buffer.byteLength(key) + value.length
    if (size > LIMITS.fields) throw new OssError('preDataTooLarge')
    if (fields.has(key) || !isUtf8(value)) throw new OssError('malformedForm')
    fields.set(key, value.toString('utf8'))
  }
}

async function readValue(body: MultipartBody): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body.content()) {
    size += chunk.length
    if (size > LIMITS.value) {
      throw new OssError('fieldItemTooLong', { details: { ProposedSize: String(size) } })
    }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

async function* readFile(body: MultipartBody): AsyncGenerator<Uint8Array> {
  yield* body.content()
  const head = await body.nextHead(LIMITS.head)
  if (head === undefined) return
  const isFile = readPartHead(head).name === 'file'
  throw new OssError(isFile ? 'incorrectNumberOfFiles' : 'malformedForm')
}

// A boundary has up to 70 characters (RFC 2046).
function boundaryOf(request: IncomingMessage): string {
  const type = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type)) throw new OssError('requestNotMultipart')
  const found = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";,]{1,70}))\s*(?:;|$)/i.exec(type)
  if (!found) throw new OssError('requestNotMultipart')
  return found[1] ?? found[2] ?? ''
}
