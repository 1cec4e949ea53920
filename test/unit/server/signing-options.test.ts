import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { expect, test } from 'vitest'
import { errorHandler, type SigningOptions, signingRouter } from '../../../app/server/index.ts'
import { signing } from './app-server.ts'

test.each<[Partial<SigningOptions>, string]>([
  [{ uploadHost: 'ftp://host' }, 'uploadHost must be an http or https origin'],
  [{ uploadHost: 'host' }, 'uploadHost must be an http or https origin'],
  [{ dir: '../up' }, 'dir must be a prefix like upload/, at most 512 bytes long'],
  [
    { allowedTypes: ['.jpg', 'png'] },
    'allowedTypes must have entries like .jpg or image/*, not "png"',
  ],
  [
    { accessCode: '密码' },
    'accessCode must be printable ASCII that starts and ends without a space',
  ],
  [{ onUploaded: () => {} }, 'onUploaded needs callbackUrl, the address that OSS calls'],
  [
    { callbackUrl: 'https://user@app.example/' },
    'callbackUrl must be one http or https URL, percent-encoded, without credentials and fragment',
  ],
  [
    { bucket: 'A' },
    'The options cannot sign a form: bucket must be a bucket name: 3 to 63 of a-z, 0-9 and "-"',
  ],
  [
    { region: 'oss-cn-hangzhou' },
    'The options cannot sign a form: region must be a region like ap-southeast-1, without "oss-", not "oss-cn-hangzhou"',
  ],
  [
    { expiresInSeconds: 0 },
    'The options cannot sign a form: A signature lives 1 to 604800 whole seconds, not 0',
  ],
  [
    { maxSize: 5 * 1024 ** 3 + 1 },
    'The options cannot sign a form: A form uploads 0 to 5368709120 bytes, not 5368709121',
  ],
  [
    { credentials: { accessKeyId: 'LTAI', accessKeySecret: '' } },
    'The options cannot sign a form: Both access key id and secret are needed to sign',
  ],
  [
    { callbackUrl: `https://app.example/${'x'.repeat(4000)}` },
    'The options cannot sign a form: The callback parameter takes 5708 bytes; at most 5120 are allowed',
  ],
])('refuses an option that cannot work: %#', (change, message) => {
  expect(() => signingRouter({ ...signing, ...change })).toThrow(new TypeError(message))
})

test('in an embedding application, an error has the id that is reported', async () => {
  const reports: [unknown, string][] = []
  const failure = new Error('no keys today')
  const app = express()
  app.use(signingRouter({ ...signing, credentials: () => Promise.reject(failure) }))
  app.use(errorHandler((error, id) => reports.push([error, id])))
  const server = app.listen(0)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const response = await fetch(`http://127.0.0.1:${port}/signature?name=a.png&size=1`)
  const { requestId } = (await response.json()) as { requestId: string }
  expect([response.status, response.headers.get('x-request-id')]).toEqual([500, requestId])
  expect(requestId).toMatch(/^[0-9a-f-]{36}$/)
  expect(reports).toEqual([[failure, requestId]])
  server.close()
})
