import { describe, expect, test } from 'vitest'
import { refusal, serveApp } from './app-server.ts'
import {
  base64,
  type Callback,
  KEY_URL,
  PUBLIC_KEY,
  sendCallback,
  signedCallback,
} from './callback-sender.ts'
import { callbackServer, values } from './callback-server.ts'

const NOT_VERIFIED = [
  403,
  'CallbackNotVerified: The callback is not one that OSS sent for a form signed here',
]
describe('a callback from OSS', () => {
  test('becomes an event and answers the browser', async () => {
    const { origin, events, body } = await callbackServer()
    const response = await sendCallback(origin, signedCallback(await body({ reqId: 'R1' })))
    expect([response.status, await response.text()]).toEqual([
      200,
      '{"status":"ok","object":"upload/a.png","size":7}',
    ])
    expect(response.headers.get('content-length')).toBe('48')
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
    expect(events).toEqual([
      {
        ...values,
        requestId: 'R1',
        fields: { ...values, size: '7', reqId: 'R1' },
      },
    ])
  })

  test('is answered with the result of onUploaded', async () => {
    const { origin, body } = await callbackServer({
      onUploaded: async ({ object }) => ({ link: `/files/${object}` }),
    })
    const response = await sendCallback(origin, signedCallback(await body()))
    expect(await response.json()).toEqual({ link: '/files/upload/a.png' })
  })

  test('is accepted as a urlencoded form', async () => {
    const { origin, events, body } = await callbackServer()
    const text = new URLSearchParams({
      ...JSON.parse(await body({ object: 'upload/照片 1.png' }, '?name=照片 1.png&size=7')),
    }).toString()
    const type = 'application/x-www-form-urlencoded'
    expect((await sendCallback(origin, signedCallback(text, { type }))).status).toBe(200)
    expect([events[0]?.object, events[0]?.size]).toEqual(['upload/照片 1.png', 7])
  })

  test('is accepted when a proxy has rewritten its path', async () => {
    const { origin, body } = await callbackServer({
      callbackUrl: 'https://app.example/%E5%9B%9E%E8%B0%83/oss?from=a%20b',
    })
    const callback = signedCallback(await body(), { signedPath: '/回调/oss', query: '?from=a%20b' })
    expect((await sendCallback(origin, { ...callback, target: '/callback' })).status).toBe(200)
  })

  test('is accepted under the path that arrived', async () => {
    const { origin, body } = await callbackServer({ callbackUrl: 'https://app.example/other' })
    const callback = signedCallback(await body(), { query: '?x=1' })
    expect((await sendCallback(origin, callback)).status).toBe(200)
  })

  test('shares one key fetch with concurrent callbacks', async () => {
    const fetched: string[] = []
    const { origin, body } = await callbackServer({
      fetchPublicKey: async (url) => {
        fetched.push(url.href)
        return PUBLIC_KEY
      },
    })
    const bodies = await Promise.all([body(), body(), body()])
    const all = await Promise.all(bodies.map((text) => sendCallback(origin, signedCallback(text))))
    expect(all.map((response) => response.status)).toEqual([200, 200, 200])
    expect(fetched).toEqual([KEY_URL])
  })
})

describe('a callback is refused', () => {
  const changes: [string, (callback: Callback) => Callback][] = [
    ['without a signature', (c) => ({ ...c, headers: { ...c.headers, authorization: '' } })],
    [
      'with another signature',
      (c) => ({
        ...c,
        headers: { ...c.headers, authorization: Buffer.alloc(128).toString('base64') },
      }),
    ],
    [
      'with a signature that is not base64',
      (c) => ({ ...c, headers: { ...c.headers, authorization: `${c.headers.authorization}!` } }),
    ],
    ['with an altered size', (c) => ({ ...c, body: c.body.replace('"size":7', '"size":8') })],
    ['with a space more', (c) => ({ ...c, body: `${c.body} ` })],
    ['with another object', (c) => ({ ...c, body: c.body.replace('a.png', 'b.png') })],
  ]
  test.each(changes)('%s', async (_what, change) => {
    const { origin, events, body } = await callbackServer()
    const response = await sendCallback(origin, change(signedCallback(await body())))
    expect(await refusal(response)).toEqual(NOT_VERIFIED)
    expect(events).toEqual([])
  })

  test.each([
    ['for another path', { path: '/callback', signedPath: '/other' }],
    ['for another query', { query: '?a=1', signedPath: '/callback?b=1' }],
  ])('signed %s', async (_what, signed) => {
    const { origin, body } = await callbackServer()
    expect(await refusal(await sendCallback(origin, signedCallback(await body(), signed)))).toEqual(
      NOT_VERIFIED,
    )
  })

  const bodies: [string, Record<string, string>, string][] = [
    ['of another bucket', { bucket: 'others' }, '?name=a.png&size=7'],
    ['for an object that the form did not name', { object: 'upload/b.png' }, '?name=a.png&size=7'],
    ['for an object outside dir', { object: 'private/a.png' }, '?name=a.png&size=7'],
  ]
  test.each(bodies)('although OSS signed it: %s', async (_what, replace, query) => {
    const { origin, events, body } = await callbackServer()
    const response = await sendCallback(origin, signedCallback(await body(replace, query)))
    expect(await refusal(response)).toEqual(NOT_VERIFIED)
    expect(events).toEqual([])
  })

  test('from another bucket, without a token or with the token of another server', async () => {
    const { origin } = await callbackServer()
    const other = await callbackServer({ tokenSecret: 'another' })
    const event = { ...values, reqId: 'R' }
    for (const text of [JSON.stringify(event), await other.body()]) {
      const response = await sendCallback(origin, signedCallback(text))
      expect(await refusal(response)).toEqual(NOT_VERIFIED)
    }
  })

  test('a token a day after its form expired', async () => {
    let time = Date.UTC(2026, 10, 24)
    const { origin, body } = await callbackServer({ now: () => new Date(time) })
    const [inTime, late] = [await body(), await body()]
    time += (600 + 86_400) * 1000 - 1
    expect((await sendCallback(origin, signedCallback(inTime))).status).toBe(200)
    time += 1
    expect(await refusal(await sendCallback(origin, signedCallback(late)))).toEqual(NOT_VERIFIED)
  })

  test('the second time, also when both are concurrent', async () => {
    const { origin, events, body } = await callbackServer()
    const callback = signedCallback(await body())
    const pair = await Promise.all([sendCallback(origin, callback), sendCallback(origin, callback)])
    expect(pair.map((response) => response.status).toSorted()).toEqual([200, 403])
    expect(await refusal(await sendCallback(origin, callback))).toEqual([
      403,
      'CallbackNotVerified: This callback has been received before',
    ])
    expect(events).toHaveLength(1)
  })

  test.each([
    ['http://gosspublic.alicdn.com@evil.example/callback_pub_key_v1.pem'],
    ['https://user:pw@gosspublic.alicdn.com/callback_pub_key_v1.pem'],
    ['https://gosspublic.alicdn.com.evil.example/callback_pub_key_v1.pem'],
    ['https://evil.example/gosspublic.alicdn.com/callback_pub_key_v1.pem'],
    ['https://gosspublic.alicdn.com:8443/callback_pub_key_v1.pem'],
    ['https://GOSSPUBLIC.alicdn.com/callback_pub_key_v1.pem'],
    ['https://gosspublic.alicdn.com./callback_pub_key_v1.pem'],
    ['https://gosspublic.alicdn.com/../callback_pub_key_v1.pem'],
    ['https://gosspublic.alicdn.com/callback_pub_key_v1.pem?to=//evil.example'],
    ['https://gosspublic.alicdn.com/callback_pub_key_v1.pem\n'],
    ['https://gosspublic.alicdn.com\\@evil.example/callback_pub_key_v1.pem'],
    ['file://gosspublic.alicdn.com/callback_pub_key_v1.pem'],
  ])('with its key at %j', async (url) => {
    const fetched: URL[] = []
    const fetchPublicKey = async (at: URL) => {
      fetched.push(at)
      return PUBLIC_KEY
    }
    const { origin, body } = await callbackServer({ fetchPublicKey })
    const callback = signedCallback(await body())
    for (const header of [base64(url), url.replaceAll('\n', ' ')]) {
      callback.headers['x-oss-pub-key-url'] = header
      expect(await refusal(await sendCallback(origin, callback))).toEqual(NOT_VERIFIED)
    }
    expect(fetched).toEqual([])
  })
})

describe('an unreadable callback is refused', () => {
  const json = 'application/json'
  test.each([
    ['{', json, 'is not JSON'],
    ['[]', json, 'is not a JSON object'],
    ['{"bucket":{}}', json, 'is not a flat JSON object'],
    ['{"bucket":"a"}', json, 'has no "size"'],
    ['{"size":-1}', json, 'has a "size" that is no number of bytes'],
    ['size=1&size=1', 'application/x-www-form-urlencoded', 'has a field twice'],
    ['{}', 'text/xml', 'is neither application/json nor application/x-www-form-urlencoded'],
  ])('%s as %s', async (text, type, problem) => {
    const { origin } = await callbackServer()
    expect(await refusal(await sendCallback(origin, signedCallback(text, { type })))).toEqual([
      400,
      `InvalidRequest: The body of the callback ${problem}`,
    ])
  })

  test('without a body, or with one that is too large', async () => {
    const { origin } = await callbackServer()
    expect(await refusal(await fetch(`${origin}/callback`, { method: 'POST' }))).toEqual([
      400,
      'InvalidRequest: The callback has no body',
    ])
    const large = signedCallback('x'.repeat(64 * 1024 + 1))
    expect(await refusal(await sendCallback(origin, large))).toEqual([
      413,
      'RequestTooLarge: The request is larger than is allowed here',
    ])
  })

  test('other methods, and an application without callbacks', async () => {
    const { origin } = await callbackServer()
    const get = await fetch(`${origin}/callback`)
    expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST'])
    expect((await fetch(`${await serveApp()}/callback`, { method: 'POST' })).status).toBe(404)
    await expect(serveApp({ onUploaded: () => {} })).rejects.toThrow(
      new TypeError('onUploaded needs callbackUrl, the address that OSS calls'),
    )
  })
})
