import { createHash } from 'node:crypto'
import { type Call, headerOf } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { StagedFile } from '../store/staged-file.ts'

/** Bytes of a document that a call may carry: a thousand keys of 1,023 escaped bytes fit. */
const DOCUMENT_BYTES = 8 * 1024 * 1024

/**
 * The body of a call as text, its Content-MD5 checked.
 *
 * @param max Bytes
 * @throws OssError
 */
export async function readDocument(call: Call, max: number = DOCUMENT_BYTES): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of requestBytes(call)) {
    size += chunk.length
    if (size > max) throw new OssError('entityTooLarge')
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  checkDigest(call, createHash('md5').update(bytes).digest('hex'))
  return bytes.toString('utf8')
}

/** The bytes of the body; a connection that breaks off is a refusal like any other. */
export async function* requestBytes(call: Call): AsyncGenerator<Buffer> {
  try {
    yield* call.request as AsyncIterable<Buffer>
  } catch {
    throw new OssError('requestCut')
  }
  if (!call.request.complete) throw new OssError('requestCut')
}

/** @throws OssError when a body can have no length that is known */
export function checkHasLength(call: Call): void {
  const { headers } = call.request
  if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) {
    throw new OssError('missingContentLength')
  }
}

/** @throws OssError when the file is not what its Content-MD5 says */
export function checkStaged(call: Call, staged: StagedFile): void {
  checkDigest(call, staged.md5)
}

/**
 * What a Content-MD5 of the whole body asks for; undefined when there is none.
 *
 * @throws OssError when it is no MD5; `check` when it is not that of the bytes
 */
export function bodyDigest(
  call: Call,
): { update: (bytes: Buffer) => void; check: () => void } | undefined {
  const given = headerOf(call, 'content-md5')
  if (given === undefined) return undefined
  const expected = digestOf(given)
  const hash = createHash('md5')
  return {
    update: (bytes) => void hash.update(bytes),
    check: () => {
      if (!hash.digest().equals(expected)) throw new OssError('digestMismatch')
    },
  }
}

function checkDigest(call: Call, md5Hex: string): void {
  const given = headerOf(call, 'content-md5')
  if (given === undefined) return
  if (digestOf(given).toString('hex') !== md5Hex.toLowerCase()) throw new OssError('digestMismatch')
}

function digestOf(contentMd5: string): Buffer {
  const bytes = Buffer.from(contentMd5, 'base64')
  if (bytes.length === 16 && bytes.toString('base64') === contentMd5) return bytes
  throw new OssError('invalidDigest')
}
