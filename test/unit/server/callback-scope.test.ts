import { describe, expect, test } from 'vitest'
import { verifyCallbackToken } from '../../../app/server/callback/token.ts'
import { presignUrl } from '../../../app/signing/index.ts'
import { refusal, reported, SECRET } from './app-server.ts'
import { base64, PUBLIC_KEY, sendCallback, signedCallback } from './callback-sender.ts'
import { callbackServer } from './callback-server.ts'
import { embeddedBucket } from './embedded-bucket.ts'

test('the token of a form covers one key and no prefix', async () => {
  const { form } = await callbackServer()
  const parameter = JSON.parse(Buffer.from(await form('?name=a.png&size=7'), 'base64').toString())
  const { token } = JSON.parse(parameter.callbackBody.replaceAll(/\$\{\w+\}/g, '""'))
  const [, expires = '', mac] = /^(\d+)\.([\w-]{43})$/.exec(token) ?? []
  const secret = Buffer.alloc(32)
  for (const text of [`dir.${token}`, `key.${token}`, token, `${expires}.${mac}.`]) {
    expect(verifyCallbackToken(text, secret, 'photos', 'upload/a.png', 0)).toBeUndefined()
  }
})

test('unknown public keys are fetched ten times a minute, and do not displace the known one', async () => {
  let time = Date.UTC(2026, 10, 24)
  const fetched: string[] = []
  const { origin, body } = await callbackServer({
    now: () => new Date(time),
    fetchPublicKey: async ({ pathname }) => {
      fetched.push(pathname)
      if (pathname === '/callback_pub_key_v1.pem') return PUBLIC_KEY
      throw new Error('404')
    },
  })
  const send = async (path: string): Promise<number> => {
    const callback = signedCallback(await body())
    callback.headers['x-oss-pub-key-url'] = base64(`https://gosspublic.alicdn.com/${path}.pem`)
    return (await sendCallback(origin, callback)).status
  }
  expect(await send('callback_pub_key_v1')).toBe(200)
  for (let i = 0; i < 30; i += 1) expect(await send(`callback_pub_key_${i}`)).toBe(502)
  expect(fetched).toHaveLength(10)
  expect(await send('callback_pub_key_v1')).toBe(200)
  time += 60_000
  expect(await send('callback_pub_key_0')).toBe(502)
  expect(fetched).toHaveLength(11)
})

describe('with checkUploads', () => {
  const bucket = embeddedBucket()
  const credentials = { accessKeyId: 'LTAI', accessKeySecret: SECRET }

  async function stored(): Promise<{ address: string; etag: string }> {
    const { address } = bucket
    const url = presignUrl({
      credentials,
      region: 'ap-southeast-1',
      bucket: 'photos',
      key: 'upload/a.png',
      method: 'PUT',
      endpoint: address,
      now: new Date(),
      expiresInSeconds: 60,
    })
    const response = await fetch(url, { method: 'PUT', body: Buffer.from('content') })
    return { address, etag: response.headers.get('etag')?.replaceAll('"', '') ?? '' }
  }

  test('a callback is accepted for the object as it is stored, and for no other', async () => {
    const { address, etag } = await stored()
    const { origin, body, events } = await callbackServer({ credentials, checkUploads: address })
    const different = [403, 'CallbackNotVerified: The object is not stored as the callback says']
    for (const change of [
      { etag, size: 8 },
      { etag: 'other', size: 7 },
    ]) {
      const response = await sendCallback(origin, signedCallback(await body(change)))
      expect(await refusal(response)).toEqual(different)
    }
    const gone = await body({ object: 'upload/b.png', etag }, '?name=b.png&size=7')
    expect(await refusal(await sendCallback(origin, signedCallback(gone)))).toEqual(different)
    expect(events).toEqual([])
    expect((await sendCallback(origin, signedCallback(await body({ etag })))).status).toBe(200)
    expect(events.map(({ object }) => object)).toEqual(['upload/a.png'])
  })

  test('a callback is not accepted when the object cannot be requested', async () => {
    const { address, etag } = await stored()
    const other = { accessKeyId: 'other', accessKeySecret: 'secret' }
    const { origin, body } = await callbackServer({ credentials: other, checkUploads: address })
    const response = await sendCallback(origin, signedCallback(await body({ etag })))
    expect(response.status).toBe(500)
    expect(reported).toEqual([
      new Error('HEAD of an object in photos answered 403: oss:GetObject is needed'),
    ])
  })
})
