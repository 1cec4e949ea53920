import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { pageError } from '../../../app/client/uploader/error-kind.ts'
import { uploadMultipart } from '../../../app/client/uploader/multipart/resume-or-start.ts'
import { UploadError } from '../../../app/client/uploader/upload-error.ts'
import { multipartInput } from '../../large/node-platform.ts'
import { multipartBucket, PART, platformWith } from './multipart-bucket.ts'

const bucket = multipartBucket()

/** A blob over bytes that change, as a file in Firefox and WebKit. */
function liveBlob(bytes: () => Buffer, size: number, start = 0): Blob {
  const end = start + size
  return {
    size,
    slice: (from: number, to = size) =>
      liveBlob(bytes, Math.max(0, Math.min(to, size) - from), start + from),
    arrayBuffer: async () => new Uint8Array(bytes().subarray(start, end)).buffer,
  } as unknown as Blob
}

test.each([
  ['a part that has been sent changes', (content: Buffer) => content.fill(1, 0, 10), 'fileChanged'],
  ['the file becomes shorter', (content: Buffer) => content.subarray(0, 10), 'fileChanged'],
] as const)('an upload is not completed when %s', async (_, change, kind) => {
  let content = randomBytes(3 * PART)
  const input = multipartInput(
    bucket.serverUrl,
    liveBlob(() => content, 3 * PART),
    {
      platform: {
        ...platformWith(async (n, send) => {
          const reply = await send()
          if (n === 3) content = change(content) as typeof content
          return reply
        }),
        failsChangedFiles: false,
      },
    },
  )
  await expect(uploadMultipart(input)).rejects.toEqual(new UploadError(pageError(kind)))
  expect(await bucket.stored()).toBeUndefined()
  expect(await bucket.unfinished()).toHaveLength(1)
})

test('bytes that are appended are not uploaded', async () => {
  const content = randomBytes(2 * PART)
  let current = content
  const input = multipartInput(
    bucket.serverUrl,
    liveBlob(() => current, content.length),
    {
      platform: {
        ...platformWith(async (_, send) => {
          current = Buffer.concat([content, randomBytes(10)]) as typeof content
          return send()
        }),
        failsChangedFiles: false,
      },
    },
  )
  await uploadMultipart(input)
  expect((await bucket.stored())?.equals(content)).toBe(true)
})
