import { createHash } from 'node:crypto'
import { type Call, headerOf } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'

/** Fits a thousand keys of 1,023 escaped bytes. */
const MAX_DOCUMENT_BYTES = 8 * 1024 * 1024

/**
 * Reads the body of a request as text and checks its Content-MD5.
 *
 * @param maxBytes @default 8 MB
 * @throws OssError
 */
export async function readDocument(
  call: Call,
  maxBytes: number = MAX_DOCUMENT_BYTES,
): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of requestBytes(call)) {
    size += chunk.length
    if (size > maxBytes) throw new OssError('entityTooLarge')
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  checkDigest(call, createHash('md5').update(bytes).digest('hex'))
  return bytes.toString('utf8')
}

/** Reads the bytes of the body. @throws OssError IncompleteBody when the connection breaks */
export async function* requestBytes(call: Call): AsyncGenerator<Buffer> {
  try {
    yield* call.request as AsyncIterable<Buffer>
  } catch {
    throw new OssError('requestCut')
  }
  if (!call.request.complete) throw new OssError('requestCut')
}

/** @throws OssError when the length of the body is unknown */
export function checkHasLength(call: Call): void {
  const { headers } = call.request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new OssError('missingContentLength')
  }
}

/** A running check of a Content-MD5. */
export interface DigestCheck {
  update(bytes: Buffer): void
  /** @throws OssError when the bytes have another MD5 */
  check(): void
}

/**
 * Starts to check the Content-MD5 of a request.
 *
 * @returns undefined when the request has none
 * @throws OssError when it is not an MD5
 */
export function digestCheck(call: Call): DigestCheck | undefined {
  const expected = contentMd5(call)
  if (expected === undefined) return undefined
  const hash = createHash('md5')
  return {
    update: (bytes) => void hash.update(bytes),
    check: () => {
      if (!hash.digest().equals(expected)) throw new OssError('digestMismatch')
    },
  }
}

/** @throws OssError when the request has a Content-MD5 that is not the given one */
export function checkDigest(call: Call, md5Hex: string): void {
  const expected = contentMd5(call)
  if (expected && !expected.equals(Buffer.from(md5Hex, 'hex'))) throw new OssError('digestMismatch')
}

function contentMd5(call: Call): Buffer | undefined {
  const text = headerOf(call, 'content-md5')
  if (text === undefined) return undefined
  const bytes = Buffer.from(text, 'base64')
  if (bytes.length === 16 && bytes.toString('base64') === text) return bytes
  throw new OssError('invalidDigest')
}
