import { isUtf8 } from 'node:buffer'
import type { IncomingMessage } from 'node:http'
import { OssError } from '../errors/oss-error.ts'
import { MultipartBody } from './multipart-body.ts'
import { readPartHead } from './part-head.ts'

/** Bytes of a part's head, of a field's value, and of all fields before the file (EC pages). */
const LIMITS = { head: 16 * 1024, value: 2 * 1024 * 1024, fields: 8 * 1024 * 1024 }

/** What a form says, its file still arriving. */
export interface PostForm {
  /** Lower-case names, in the order sent. */
  fields: Map<string, string>
  /** What the file is called, for `${filename}`; empty when it has no name. */
  fileName: string
  /** Of the file's part; empty when it has none. */
  fileType: string
  /** The file's bytes; fails when the form breaks off, or when anything follows the file. */
  file: AsyncIterable<Uint8Array>
  /** To be called when the form is done with, whether its file was read or not. */
  close(): void
}

/**
 * Reads a form up to the start of its file. The file is then read, with back pressure, by whoever
 * iterates over `file`; all of it has to be read before the form is known to be well formed.
 *
 * @param onBytes Told of every byte of the body, in order
 * @throws OssError for what PostObject refuses
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
    // Mostly the whole form up to its file arrives at once.
    const head = body.headAtHand(LIMITS.head) ?? (await body.nextHead(LIMITS.head))
    if (head === undefined) throw new OssError('fileMissing')
    const { name, fileName = '', extended, contentType } = readPartHead(head)
    if (name === 'file' && (fileName !== '' || !extended)) {
      const close = (): void => body.close()
      return { fields, fileName, fileType: contentType, file: readFile(body), close }
    }
    const value = valueAtHand(body) ?? (await readValue(body))
    const key = name.toLowerCase()
    size += Buffer.byteLength(key) + value.length
    if (size > LIMITS.fields) throw new OssError('preDataTooLarge')
    if (fields.has(key)) throw new OssError('malformedForm')
    fields.set(key, textOf(value))
  }
}

function valueAtHand(body: MultipartBody): Buffer | undefined {
  const value = body.contentAtHand()
  if (value) checkLength(value.length)
  return value
}

async function readValue(body: MultipartBody): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body.content()) {
    size += chunk.length
    checkLength(size)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function checkLength(size: number): void {
  if (size <= LIMITS.value) return
  throw new OssError('fieldItemTooLong', { details: { ProposedSize: String(size) } })
}

async function* readFile(body: MultipartBody): AsyncGenerator<Uint8Array> {
  yield* body.content()
  const head = await body.nextHead(LIMITS.head)
  if (head === undefined) return
  throw new OssError(
    readPartHead(head).name === 'file' ? 'incorrectNumberOfFiles' : 'malformedForm',
  )
}

function textOf(value: Buffer): string {
  if (!isUtf8(value)) throw new OssError('malformedForm')
  return value.toString('utf8')
}

// Up to 70 characters (RFC 2046), of which hardly any client uses more than letters and dashes.
function boundaryOf(request: IncomingMessage): string {
  const type = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type)) throw new OssError('requestNotMultipart')
  const found = /;\s*boundary=(?:"([^"\r\n]{1,70})"|([^\s";,]{1,70}))\s*(?:;|$)/i.exec(type)
  if (!found) throw new OssError('requestNotMultipart')
  return found[1] ?? found[2] ?? ''
}
