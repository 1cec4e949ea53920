import type { IncomingMessage } from 'node:http'
import { Busboy, type BusboyFileStream } from '@fastify/busboy'
import { OssError } from '../errors/oss-error.ts'

/** Bytes of a field's name, of its value, and of all fields before the file (EC pages). */
const LIMITS = { name: 8 * 1024, value: 2 * 1024 * 1024, fields: 8 * 1024 * 1024 }

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
}

/**
 * Reads a form up to the start of its file. The file is then read, with back pressure, by whoever
 * iterates over `file`; all of it has to be read before the form is known to be well formed.
 *
 * @throws OssError for what PostObject refuses
 */
export function readForm(request: IncomingMessage): Promise<PostForm> {
  const type = request.headers['content-type'] ?? ''
  if (!/^multipart\/form-data\s*;/i.test(type) || !/boundary=/i.test(type)) {
    return Promise.reject(new OssError('requestNotMultipart'))
  }
  return new Promise((resolve, reject) => {
    const fields = new Map<string, string>()
    let size = 0
    let file: BusboyFileStream | undefined
    let failure: Error | undefined
    let settle: (() => void) | undefined
    const ended = new Promise<void>((done) => {
      settle = done
    })
    const fail = (error: Error): void => {
      failure ??= error
      reject(failure)
      settle?.()
      request.unpipe(parser)
      file?.destroy(failure)
    }
    const parser = new Busboy({
      headers: { ...request.headers, 'content-type': type },
      limits: { fieldNameSize: LIMITS.name, fieldSize: LIMITS.value, headerPairs: 10 },
    })
    parser.on('field', (name, value, nameTruncated, valueTruncated) => {
      const key = name?.toLowerCase() ?? ''
      size += Buffer.byteLength(key) + Buffer.byteLength(value)
      if (file) fail(new OssError('malformedForm'))
      else if (nameTruncated || valueTruncated) fail(new OssError('fieldItemTooLong'))
      else if (size > LIMITS.fields) fail(new OssError('preDataTooLarge'))
      else if (fields.has(key)) fail(new OssError('malformedForm'))
      else fields.set(key, value)
    })
    parser.on('file', (name, stream, fileName, _encoding, fileType) => {
      // A stream that nobody reads, or that fails later, must not end the process.
      stream.on('error', () => {})
      if (failure) stream.resume()
      else if (file) fail(new OssError('incorrectNumberOfFiles'))
      else if (name !== 'file') fail(new OssError('fileMissing'))
      else {
        file = stream
        const ofFile = readFile(stream, ended, () => failure)
        resolve({ fields, fileName: fileName ?? '', fileType: fileType ?? '', file: ofFile })
      }
    })
    parser.on('finish', () => {
      if (!file) fail(new OssError('fileMissing'))
      settle?.()
    })
    parser.on('error', () => fail(new OssError('malformedBodyCut')))
    request.on('aborted', () => fail(new OssError('malformedBodyCut')))
    request.on('error', () => fail(new OssError('malformedBodyCut')))
    request.pipe(parser)
  })
}

async function* readFile(
  stream: BusboyFileStream,
  ended: Promise<void>,
  failure: () => Error | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* stream as AsyncIterable<Uint8Array>
  } catch (error) {
    throw failure() ?? error
  }
  await ended
  const failed = failure()
  if (failed) throw failed
}
