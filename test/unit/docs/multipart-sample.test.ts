import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type Embedded, startEmbedded } from '../../large/embedded-large.ts'
import { markdownParts, readText } from './markdown.ts'

// Runs the sample of the documentation against a server and a bucket.

let folder: string
let embedded: Embedded

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sample-'))
  embedded = await startEmbedded(join(folder, 'oss'), () => ({
    multipart: { partSize: 100 * 1024, maxSize: 3_000_000 },
    allowedTypes: ['.bin'],
  }))
})

afterEach(async () => {
  await embedded.close()
  await rm(folder, { recursive: true })
})

async function sample(): Promise<(serverUrl: string, file: File) => Promise<string>> {
  const blocks = markdownParts(await readText('docs/multipart.md'))
  const code = blocks.find(({ language }) => language === 'js')?.text ?? ''
  expect(code.trim().split('\n').length).toBeLessThanOrEqual(30)
  const path = join(folder, 'example.mjs')
  await writeFile(path, code)
  return (await import(pathToFileURL(path).href)).uploadInParts
}

test('thirty lines of fetch upload a file in parts', async () => {
  const uploadInParts = await sample()
  const content = randomBytes(2_500_123)
  const file = new File([content], '电影 1.bin', { type: 'video/mp4' })
  const key = await uploadInParts(embedded.serverUrl, file)
  expect(key).toBe('upload/电影 1.bin')
  const object = await embedded.oss.store.find('large-bucket')?.objects.open(key)
  expect(object?.meta.headers['content-type']).toBe('application/octet-stream')
  const hash = createHash('sha256')
  for await (const chunk of object?.stream() ?? []) hash.update(chunk)
  expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'))
  // The same name again: the error is that of OSS.
  await expect(uploadInParts(embedded.serverUrl, file)).rejects.toThrow('FileAlreadyExists')
})

test('the sample reports what the server refuses', async () => {
  const uploadInParts = await sample()
  await expect(uploadInParts(embedded.serverUrl, new File(['x'], 'a.exe'))).rejects.toThrow(
    'TypeNotAllowed: Only these files are allowed: .bin',
  )
  const large = new File([Buffer.alloc(3_000_001)], 'a.bin')
  await expect(uploadInParts(embedded.serverUrl, large)).rejects.toThrow(
    'FileTooLarge: The file has 3000001 bytes; at most 3000000 are allowed',
  )
})
