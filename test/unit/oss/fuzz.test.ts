import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { startEmbeddedOss } from '../../../app/oss/index.ts'
import { signPostForm } from '../../../app/signing/index.ts'

// Longer by hand: FUZZ_RUNS=20000 npm test -- test/unit/oss/fuzz.test.ts
const numRuns = Number(process.env.FUZZ_RUNS ?? 500)

const now = new Date('2026-11-24T12:00:00Z')
const key = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
const { fields } = signPostForm({
  credentials: key,
  region: 'ap-southeast-1',
  bucket: 'photos',
  now,
  expiresInSeconds: 600,
  target: { key: 'upload/a.txt', size: 5, contentType: 'text/plain' },
})
const disposition = 'Content-Disposition: form-data; name='
const parts = [
  ...fields.map(([name, value]) => `--x\r\n${disposition}"${name}"\r\n\r\n${value}\r\n`),
  `--x\r\n${disposition}"file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\nhello\r\n`,
  '--x--\r\n',
]

/** A good form that was cut up, turned round, repeated and scribbled into. */
const body = fc.oneof(
  fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
  fc.shuffledSubarray(parts).map((some) => Buffer.from(some.join(''))),
  fc
    .tuple(
      fc.nat(3000),
      fc.nat(200),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 20 }),
        fc.constantFrom('\r\n--x', '--x--', '\r\n\r\n', '"', '\0', '; filename*=', '%'),
      ),
    )
    .map(([at, length, put]) => {
      const whole = parts.join('')
      return Buffer.from(whole.slice(0, at) + put + whole.slice(at + length))
    }),
)

test('no form crashes the server, is stored in part, or leaves a file', async () => {
  const root = await mkdtemp(join(tmpdir(), 'fuzz-'))
  const failures: unknown[] = []
  const oss = await startEmbeddedOss({
    dir: root,
    keys: [key],
    buckets: [{ name: 'photos' }],
    bucketOfAddress: 'photos',
    now: () => now,
    onFailure: (error) => failures.push(error),
  })
  try {
    await fc.assert(
      fc.asyncProperty(body, async (bytes) => {
        const response = await new Promise<import('node:http').IncomingMessage>((done, fail) => {
          const headers = { 'content-type': 'multipart/form-data; boundary=x' }
          const options = { port: oss.port, method: 'POST', headers, host: '127.0.0.1' }
          request(options, done).on('error', fail).end(bytes)
        })
        const answer = await text(response)
        expect(failures).toEqual([])
        const stored = await oss.store.find('photos')?.objects.list({ max: 9 })
        const found = (stored?.objects ?? []).map((object) => [object.key, object.size])
        if (response.statusCode === 200) {
          expect(found).toEqual([['upload/a.txt', 5]])
          await oss.store.find('photos')?.objects.delete('upload/a.txt')
        } else {
          expect(response.statusCode).toBeOneOf([400, 403])
          expect(answer).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error>\n {2}<Code>/)
          expect(found).toEqual([])
        }
      }),
      { numRuns },
    )
    await sleep(50)
    expect(failures).toEqual([])
    expect(await readdir(join(root, '.oss', 'staging', 'photos'))).toEqual([])
  } finally {
    await oss.close()
    await rm(root, { recursive: true })
  }
})
