import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { signPolicyV1, signPolicyV4 } from '../../../app/signing/index.ts'
import { refusal, reported, SECRET, serveApp, signing } from './app-server.ts'

const now = () => new Date('2026-11-24T12:00:00.500Z')

describe('GET /signature', () => {
  test('V4 without a name, for the sample clients', async () => {
    const response = await fetch(
      `${await serveApp({ maxSize: 99, now, generalForm: true })}/signature`,
    )
    const body = await response.json()
    const credential = 'LTAI/20261124/ap-southeast-1/oss/aliyun_v4_request'
    expect(body).toEqual({
      accessid: 'LTAI',
      host: signing.uploadHost,
      policy: body.policy,
      signature: signPolicyV4(body.policy, SECRET, '20261124', signing.region),
      expire: Date.UTC(2026, 10, 24, 12, 10) / 1000,
      dir: body.dir,
      x_oss_signature_version: 'OSS4-HMAC-SHA256',
      x_oss_credential: credential,
      x_oss_date: '20261124T120000Z',
      url: signing.uploadHost,
      method: 'POST',
      fields: {
        key: `${body.dir}\${filename}`,
        success_action_status: '200',
        policy: body.policy,
        'x-oss-signature-version': 'OSS4-HMAC-SHA256',
        'x-oss-credential': credential,
        'x-oss-date': '20261124T120000Z',
        'x-oss-signature': body.signature,
      },
    })
    expect(body.dir).toMatch(/^upload\/[0-9a-f]{16}\/$/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('x-powered-by')).toBeNull()
  })

  test('V1 with temporary credentials', async () => {
    const credentials = async () => ({
      accessKeyId: 'STS.1',
      accessKeySecret: 's',
      securityToken: 'token',
    })
    const body = await (
      await fetch(`${await serveApp({ version: 'v1', credentials, generalForm: true })}/signature`)
    ).json()
    expect(Object.keys(body)).toEqual([
      'accessid',
      'host',
      'policy',
      'signature',
      'expire',
      'dir',
      'security_token',
      'url',
      'method',
      'fields',
    ])
    expect(body.signature).toBe(signPolicyV1(body.policy, 's'))
    expect(body.fields['x-oss-security-token']).toBe('token')
  })

  test('a request with a name gets a policy that pins that object', async () => {
    const url = `${await serveApp({ naming: 'keep' })}/signature?name=a/照片.png&type=image/png&size=7`
    const body = await (await fetch(url)).json()
    expect(body.key).toBe('upload/a/照片.png')
    const { conditions } = JSON.parse(Buffer.from(body.policy, 'base64').toString())
    expect(conditions.slice(0, 7)).toEqual([
      { bucket: 'photos' },
      ['eq', '$key', 'upload/a/照片.png'],
      ['content-length-range', 7, 7],
      ['eq', '$success_action_status', '200'],
      ['eq', '$content-type', 'image/png'],
      ['eq', '$x-oss-content-type', 'image/png'],
      ['eq', '$x-oss-forbid-overwrite', 'true'],
    ])
  })

  test('keys are unique by default; conflict=rename chooses another name', async () => {
    const origin = await serveApp()
    const unique = await (await fetch(`${origin}/signature?name=a.png&size=1`)).json()
    expect(unique.key).toMatch(/^upload\/[0-9a-f]{16}\/a\.png$/)
    const renaming = await serveApp({ naming: 'keep' })
    const url = `${renaming}/signature?name=a.png&size=1&conflict=rename`
    expect((await (await fetch(url)).json()).key).toMatch(/^upload\/a \([0-9a-f]{8}\)\.png$/)
  })

  test.each<[string, [number, string]]>([
    ['?name=a.png&size=11', [413, 'FileTooLarge: The file has 11 bytes; at most 10 are allowed']],
    ['?name=a.exe&size=1', [415, 'TypeNotAllowed: Only these files are allowed: .png']],
    ['?name=a.png', [400, 'InvalidRequest: The parameter "size" must be a number of bytes']],
    [
      '?name=a.png&size=-1',
      [400, 'InvalidRequest: The parameter "size" must be a number of bytes'],
    ],
    [
      '?name=a&name=b&size=1',
      [400, 'InvalidRequest: The parameter "name" must be given once, not empty'],
    ],
    ['?size=1', [400, 'InvalidRequest: The parameter "name" must be given once, not empty']],
    ['?name=..%2F.png%2F..&size=1', [415, 'TypeNotAllowed: Only these files are allowed: .png']],
    [
      '?name=a.png&size=1&type=%0d%0a',
      [400, 'InvalidRequest: The parameter "type" must be a MIME type'],
    ],
  ])('%s is refused', async (query, expected) => {
    const origin = await serveApp({ maxSize: 10, allowedTypes: ['.png'] })
    expect(await refusal(await fetch(`${origin}/signature${query}`))).toEqual(expected)
  })

  test('the access code is accepted in the header only', async () => {
    const url = `${await serveApp({ accessCode: 'sesame' })}/signature?name=a.png&size=1`
    const expected = [
      401,
      'AccessCodeRequired: An access code is needed: open the page with the link that contains it',
    ]
    expect(await refusal(await fetch(url))).toEqual(expected)
    expect(await refusal(await fetch(url, { headers: { 'x-access-code': 'Sesame' } }))).toEqual(
      expected,
    )
    expect(await refusal(await fetch(`${url}&code=sesame`))).toEqual(expected)
    expect((await fetch(url, { headers: { 'x-access-code': 'sesame' } })).status).toBe(200)
  })

  test('hooks authorise, limit and name', async () => {
    const closed = await serveApp({ authorise: async () => false })
    expect(await refusal(await fetch(`${closed}/signature?name=a.png&size=1`))).toEqual([
      403,
      'Forbidden: You may not upload here',
    ])
    const named = await serveApp({ limit: () => 5, nameKey: ({ name }) => `upload/me/${name}` })
    expect((await (await fetch(`${named}/signature?name=a&size=5`)).json()).key).toBe('upload/me/a')
    expect(await refusal(await fetch(`${named}/signature?name=a&size=6`))).toEqual([
      413,
      'FileTooLarge: The file has 6 bytes; at most 5 are allowed',
    ])
  })

  test('an internal error is reported, and its details are not answered', async () => {
    const origin = await serveApp({ credentials: () => Promise.reject(new Error(SECRET)) })
    expect(await refusal(await fetch(`${origin}/signature?name=a.png&size=1`))).toEqual([
      500,
      'InternalError: The server failed; the log has the details',
    ])
    expect(reported).toEqual([new Error(SECRET)])
  })

  test('too many requests from one address are refused', async () => {
    const origin = await serveApp({}, { signaturesPerMinute: 1 })
    expect((await fetch(`${origin}/signature?name=a.png&size=1`)).status).toBe(200)
    expect(await refusal(await fetch(`${origin}/signature?name=a.png&size=1`))).toEqual([
      429,
      'TooManyRequests: Too many requests; try again in 60 s',
    ])
  })
})

describe('the application', () => {
  test('answers HEAD and OPTIONS, and refuses other methods and paths', async () => {
    const origin = await serveApp()
    const head = await fetch(`${origin}/signature?name=a.png&size=1`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    const options = await fetch(`${origin}/signature`, { method: 'OPTIONS' })
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
    const post = await fetch(`${origin}/signature`, { method: 'POST' })
    expect(post.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect(await refusal(post)).toEqual([405, 'MethodNotAllowed: This method is not allowed here'])
    expect(await refusal(await fetch(`${origin}/nothing`))).toEqual([
      404,
      'NotFound: There is nothing at this address',
    ])
    expect(await refusal(await fetch(`${origin}/%ff`))).toEqual([
      404,
      'NotFound: There is nothing at this address',
    ])
    expect(await (await fetch(`${origin}/healthz`)).json()).toEqual({ status: 'ok' })
  })

  test('every GET route refuses other methods', async () => {
    const clientDir = await mkdtemp(join(tmpdir(), 'page-'))
    await writeFile(join(clientDir, 'index.html'), 'page')
    const origin = await serveApp({}, { clientDir })
    for (const path of [
      '/',
      '/healthz',
      '/metrics',
      '/config.json',
      '/signature?name=a.png&size=1',
    ]) {
      expect((await fetch(origin + path, { method: 'HEAD' })).status).toBe(200)
      for (const [method, status] of [
        ['OPTIONS', 204],
        ['POST', 405],
        ['DELETE', 405],
        ['PURGE', 405],
      ] as const) {
        const response = await fetch(origin + path, { method })
        expect([path, method, response.status, response.headers.get('allow')]).toEqual([
          path,
          method,
          status,
          'GET, HEAD, OPTIONS',
        ])
      }
    }
    expect(await (await fetch(origin)).text()).toBe('page')
    expect((await fetch(`${origin}/nothing`)).status).toBe(404)
    await rm(clientDir, { recursive: true })
  })

  test('answers CORS for allowed origins only', async () => {
    const origin = await serveApp({}, { corsOrigins: ['https://page.example'] })
    const ask = (from: string, method = 'GET') =>
      fetch(`${origin}/signature`, {
        method,
        headers: { origin: from, 'access-control-request-method': 'GET' },
      })
    const allowed = await ask('https://page.example')
    expect(allowed.headers.get('access-control-allow-origin')).toBe('https://page.example')
    expect(allowed.headers.get('vary')).toBe('Origin')
    const refused = await ask('https://other.example')
    expect(refused.headers.get('access-control-allow-origin')).toBeNull()
    const preflight = await ask('https://page.example', 'OPTIONS')
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      'content-type, x-access-code',
    )
  })

  test('the content security policy allows the page itself and the bucket', async () => {
    const response = await fetch(`${await serveApp()}/healthz`)
    expect(response.headers.get('content-security-policy')).toBe(
      "default-src 'none';script-src 'self';worker-src 'self';style-src 'self';img-src 'self' blob: data:;" +
        "connect-src 'self' https://photos.oss-ap-southeast-1.aliyuncs.com;base-uri 'none';" +
        "form-action 'none';frame-ancestors 'none'",
    )
    expect(response.headers.get('strict-transport-security')).toBeNull()
  })
})
