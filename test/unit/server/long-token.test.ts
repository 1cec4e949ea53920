import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startEmbeddedOss } from '../../../app/oss/index.ts'
import { refusal, serveApp } from './app-server.ts'
import { postForm } from './embedded-bucket.ts'

const key = { accessKeyId: 'STS.key', accessKeySecret: 'secret' }
// OSS cannot reach the host of the callback.
const STORED_WITHOUT_CALLBACK = 203

test.each([2_500, 100_000])('a token of %i characters works with a callback', async (length) => {
  const root = await mkdtemp(join(tmpdir(), 'bucket-'))
  const securityToken = 'x'.repeat(length)
  const stored: string[] = []
  const oss = await startEmbeddedOss({
    dir: root,
    keys: [{ ...key, securityToken }],
    buckets: [{ name: 'photos' }],
    bucketOfAddress: 'photos',
    onObject: (object) => void stored.push(object.key),
  })
  try {
    const origin = await serveApp({
      credentials: { ...key, securityToken },
      callbackUrl: 'http://callback.invalid/callback',
      naming: 'keep',
    })
    const url = `${origin}/signature?name=a.jpg&type=image/jpeg&size=7`
    const { fields } = await (await fetch(url)).json()
    expect(await postForm(`http://127.0.0.1:${oss.port}`, fields)).toBe(STORED_WITHOUT_CALLBACK)
    expect(stored).toEqual(['upload/a.jpg'])
  } finally {
    await oss.close()
    await rm(root, { recursive: true })
  }
})

test('a form that is too large blames the field that is', async () => {
  const securityToken = 'x'.repeat(5 * 1024 ** 2)
  const origin = await serveApp({ credentials: async () => ({ ...key, securityToken }) })
  const [status, text] = await refusal(await fetch(`${origin}/signature?name=a.jpg&size=7`))
  expect([status, text.replace(/take \d+/, 'take N').replace(/with \d+/, 'with M')]).toEqual([
    400,
    'InvalidRequest: The form\'s fields before the file take N bytes; at most 8388608 are allowed. The largest is "policy" with M',
  ])
})
