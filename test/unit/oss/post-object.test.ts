import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import OSS from 'ali-oss'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import { encodePolicy, type PostFormInput, signPostForm } from '../../../app/signing/index.ts'

let clock: Date
let root: string
let oss: EmbeddedOss
let origin: string
const key = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }

beforeEach(async () => {
  clock = new Date('2026-11-24T12:00:00Z')
  root = await mkdtemp(join(tmpdir(), 'oss-'))
  oss = await startEmbeddedOss({
    dir: root,
    keys: [key, { accessKeyId: 'STS', accessKeySecret: 's', securityToken: 'token' }],
    buckets: [
      {
        name: 'photos',
        corsRules: [{ allowedOrigins: ['http://page.example'], allowedMethods: ['POST'] }],
      },
    ],
    bucketOfAddress: 'photos',
    idleMs: 300,
    now: () => clock,
  })
  origin = `http://127.0.0.1:${oss.port}`
})

afterEach(async () => {
  await oss.close()
  await rm(root, { recursive: true })
})

function form(change: Partial<PostFormInput> = {}): [string, string][] {
  return signPostForm({
    credentials: key,
    region: 'ap-southeast-1',
    bucket: 'photos',
    now: clock,
    expiresInSeconds: 600,
    target: { key: 'upload/a.txt', size: 5, contentType: 'text/plain' },
    ...change,
  }).fields
}

function post(fields: [string, string][], content = 'hello', name = 'a.txt'): Promise<Response> {
  const body = new FormData()
  for (const [field, value] of fields) body.append(field, value)
  body.append('file', new File([content], name, { type: 'text/plain' }))
  return fetch(origin, { method: 'POST', body, headers: { origin: 'http://page.example' } })
}

async function outcome(response: Response): Promise<string> {
  const text = await response.text()
  const part = (name: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(text)?.[1] ?? ''
  return `${response.status} ${part('Code')} ${part('EC')} ${part('Message')}`.trimEnd()
}

const left = async () => [
  ...(await readdir(join(root, 'photos'), { recursive: true })),
  ...(await readdir(join(root, '.oss/staging/photos'))),
]
const general = { target: { dir: 'upload/', maxSize: 5 } }

describe('a form is stored', () => {
  test('V4 and V1, exact and general, with and without token', async () => {
    const token = { accessKeyId: 'STS', accessKeySecret: 's', securityToken: 'token' }
    const kinds: Partial<PostFormInput>[] = [
      {},
      { version: 'v1', ...general },
      { credentials: token, ...general },
      { version: 'v1', credentials: token, ...general },
    ]
    for (const [i, kind] of kinds.entries()) {
      const response = await post(form(kind), 'hello', `照片 ${i}.txt`)
      expect(await outcome(response)).toBe('200')
      expect(response.headers.get('access-control-allow-origin')).toBe('http://page.example')
      expect(response.headers.get('x-oss-request-id')).toMatch(/^[0-9A-F]{24}$/)
    }
    const read = (name: string) => readFile(join(root, 'photos/upload', name), 'utf8')
    expect(await read('a.txt')).toBe('hello')
    for (const i of [1, 2, 3]) expect(await read(`照片 ${i}.txt`)).toBe('hello')
  })

  test('the signed type overrides the type of the file', async () => {
    const body = new FormData()
    for (const [field, value] of form()) body.append(field, value)
    body.append('file', new File(['hello'], 'a.html', { type: 'text/html' }))
    expect(await outcome(await fetch(origin, { method: 'POST', body }))).toBe('200')
    const meta = await oss.store.find('photos')?.objects.head('upload/a.txt')
    expect(meta?.headers['content-type']).toBe('text/plain')
  })

  test('a form signed by the official SDK', async () => {
    const sdk = new OSS({ ...key, region: 'oss-ap-southeast-1', bucket: 'photos' })
    const credential = 'LTAI/20261124/ap-southeast-1/oss/aliyun_v4_request'
    const policy = {
      expiration: '2026-11-24T12:10:00Z',
      conditions: [
        { bucket: 'photos' },
        { 'x-oss-credential': credential },
        { 'x-oss-date': '20261124T120000Z' },
        { 'x-oss-signature-version': 'OSS4-HMAC-SHA256' },
      ],
    }
    const v4: [string, string][] = [
      ['key', 'v4.txt'],
      ['policy', Buffer.from(JSON.stringify(policy)).toString('base64')],
      ['x-oss-signature-version', 'OSS4-HMAC-SHA256'],
      ['x-oss-credential', credential],
      ['x-oss-date', '20261124T120000Z'],
      ['x-oss-signature', sdk.signPostObjectPolicyV4(policy, clock)],
    ]
    expect(await outcome(await post(v4))).toBe('204')
    const old = { expiration: policy.expiration, conditions: [{ bucket: 'photos' }] }
    const v1 = Object.entries(sdk.calculatePostSignature(old))
    expect(await outcome(await post([['key', 'v1.txt'], ...v1]))).toBe('204')
    expect((await left()).sort()).toEqual(['v1.txt', 'v4.txt'])
  })
})

describe('a refused form leaves nothing', () => {
  const without = (name: string) => form().filter(([field]) => field !== name)
  const changed = (name: string, value: string) =>
    form().map(([field, old]): [string, string] => [field, field === name ? value : old])
  const resigned = (json: string) => {
    const base = form()
    const policy = Buffer.from(json).toString('base64')
    const sdk = new OSS({ ...key, region: 'oss-ap-southeast-1', bucket: 'photos' })
    const { Signature } = sdk.calculatePostSignature(json)
    return [
      ...base.filter(([n]) => n === 'key'),
      ['OSSAccessKeyId', 'LTAI'],
      ['policy', policy],
      ['Signature', Signature],
    ] as [string, string][]
  }
  const missing = 'The bucket POST must contain the specified'
  const hint = 'If it is specified, please check the order of the fields'
  const failed = 'Invalid according to Policy: Policy Condition failed:'

  test.each<[string, () => [string, string][], string]>([
    ['no key', () => without('key'), `400 InvalidArgument 0000-00000000 ${missing} 'key'. ${hint}`],
    [
      'no policy',
      () => without('policy'),
      `400 InvalidArgument 0002-00000702 ${missing} 'policy'. ${hint}`,
    ],
    [
      'another key',
      () => changed('key', 'upload/b.txt'),
      `403 AccessDenied 0006-00000227 ${failed} [&quot;eq&quot;, &quot;$key&quot;, &quot;upload/a.txt&quot;]`,
    ],
    [
      'a field fewer than the policy wants',
      () => without('x-oss-forbid-overwrite'),
      `403 AccessDenied 0006-00000226 ${failed} [&quot;eq&quot;, &quot;$x-oss-forbid-overwrite&quot;, &quot;true&quot;]`,
    ],
    [
      'a signature version that does not exist',
      () => changed('x-oss-signature-version', 'OSS5'),
      "400 InvalidArgument 0002-00000701 The 'x-oss-signature-version' field is invalid.",
    ],
    [
      'no signature',
      () => without('x-oss-signature'),
      `400 InvalidArgument 0002-00000703 ${missing} 'Signature'. ${hint}`,
    ],
    [
      'an empty signature',
      () => changed('x-oss-signature', ''),
      '400 InvalidArgument 0002-00000704 Post request signature is empty.',
    ],
    [
      'an empty key id',
      () => form({ version: 'v1' }).map(([n, v]) => [n, n === 'OSSAccessKeyId' ? '' : v]),
      '400 InvalidArgument 0002-00000707 Post request accessKeyId is empty.',
    ],
    [
      'no key id',
      () => form({ version: 'v1' }).filter(([n]) => n !== 'OSSAccessKeyId'),
      `400 InvalidArgument 0002-00000706 ${missing} 'OSSAccessKeyId'. ${hint}`,
    ],
    [
      'a tampered policy',
      () => changed('policy', encodePolicy({ expiration: '2099-01-01T00:00:00Z', conditions: [] })),
      '403 SignatureDoesNotMatch 0002-00000705 The request signature we calculated does not match the signature you provided. Check your key and signing method.',
    ],
    [
      'an unknown key id',
      () => form({ credentials: { accessKeyId: 'WHO', accessKeySecret: 'secret' } }),
      '403 InvalidAccessKeyId 0002-00000902 The OSS Access Key Id you provided does not exist in our records.',
    ],
    [
      'another region',
      () => form({ region: 'cn-hangzhou' }),
      '400 InvalidArgument 0002-00000228 Invalid signing region in Authorization header.',
    ],
    [
      'a token that is not the key id’s',
      () => form({ credentials: { ...key, securityToken: 'x' } }),
      '403 InvalidSecurityToken 0000-00000000 The security token you provided is invalid.',
    ],
    [
      'a clock far ahead',
      () => form({ now: new Date(clock.getTime() + 16 * 60_000) }),
      "400 InvalidArgument 0002-00000709 The 'x-oss-date' field is invalid.",
    ],
    [
      'a policy that expired',
      () => form({ now: new Date(clock.getTime() - 601_000) }),
      '403 AccessDenied 0006-00000213 Invalid according to Policy: Policy expired.',
    ],
    [
      'a policy without conditions',
      () => resigned('{"expiration":"2099-01-01T00:00:00Z"}'),
      '400 InvalidPolicyDocument 0006-00000207 Invalid Policy: Policy missing conditions.',
    ],
    [
      'an operator that does not exist',
      () =>
        resigned('{"expiration":"2099-01-01T00:00:00Z","conditions":[["ends-with","$key","a"]]}'),
      '400 InvalidPolicyDocument 0006-00000217 Invalid Policy: Unknown operator ends-with.',
    ],
    [
      'a field twice',
      () => [...form(), ['key', 'upload/a.txt']],
      '400 MalformedPOSTRequest 0006-00000103 The body of your POST request is not well-formed multipart/form-data.',
    ],
  ])('%s', async (_title, fields, expected) => {
    expect(await outcome(await post(fields()))).toBe(expected)
    expect(await left()).toEqual([])
  })

  test('sizes that the policy does not allow', async () => {
    expect(await outcome(await post(form(), 'hello!'))).toBe(
      '400 EntityTooLarge 0006-00000003 Your proposed upload exceeds the maximum allowed size.',
    )
    expect(await outcome(await post(form(), 'hell'))).toBe(
      '400 EntityTooSmall 0006-00000004 Your proposed upload smaller than the minimum allowed size.',
    )
    expect(await left()).toEqual([])
  })

  test('a second object of the same name', async () => {
    expect(await outcome(await post(form()))).toBe('200')
    expect(await outcome(await post(form(), 'other'))).toMatch(
      /^409 FileAlreadyExists 0000-00000000 The object /,
    )
    expect(await readFile(join(root, 'photos/upload/a.txt'), 'utf8')).toBe('hello')
  })

  test('a field behind the file, and a second file', async () => {
    const body = new FormData()
    for (const [field, value] of form()) body.append(field, value)
    body.append('file', new File(['hello'], 'a.txt', { type: 'text/plain' }))
    body.append('submit', 'Upload')
    expect(await outcome(await fetch(origin, { method: 'POST', body }))).toBe(
      '400 MalformedPOSTRequest 0006-00000103 The body of your POST request is not well-formed multipart/form-data.',
    )
    expect(await left()).toEqual([])
  })

  test('a path out of the bucket stays in it', async () => {
    const fields = form({ target: { dir: '', maxSize: 5 } }).map(([n, v]): [string, string] => [
      n,
      n === 'key' ? '../../../out.txt' : v,
    ])
    expect(await outcome(await post(fields))).toBe('200')
    expect((await readdir(root)).sort()).toEqual(['.oss', 'photos'])
  })

  test('a body cut at any byte', async () => {
    const boundary = 'x'
    const start = `--${boundary}\r\nContent-Disposition: form-data; name=`
    const parts = form().map(([name, value]) => `${start}"${name}"\r\n\r\n${value}\r\n`)
    const file = 'Content-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\nhello\r\n'
    const body = Buffer.from(`${parts.join('')}--${boundary}\r\n${file}--${boundary}--\r\n`)
    const head = `POST / HTTP/1.1\r\nHost: photos.localhost\r\nContent-Type: multipart/form-data; boundary=${boundary}\r\nContent-Length: ${body.length}\r\n\r\n`
    for (let cut = 0; cut < body.length - 4; cut += 7) {
      const socket = connect(oss.port, '127.0.0.1')
      socket.on('error', () => {})
      await new Promise((resolve) => socket.once('connect', resolve))
      await new Promise((resolve) => socket.write(head, resolve))
      await new Promise((resolve) => socket.write(body.subarray(0, cut), resolve))
      socket.destroy()
    }
    for (let wait = 0; wait < 50 && (await left()).length > 0; wait += 1) await sleep(20)
    await sleep(50)
    expect(await left()).toEqual([])
  })
})

test('a silent sender is cut, a slow one is not', async () => {
  const part = (n: string, v: string) =>
    `--x\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${v}`
  const fields = form().map(([name, value]) => `${part(name, value)}\r\n`)
  const body = (end: string) =>
    new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(Buffer.from(fields.join('') + part('file"; filename="a', '')))
        for (const byte of 'hello') {
          await sleep(100)
          controller.enqueue(Buffer.from(byte))
        }
        if (end === '') return
        controller.enqueue(Buffer.from(end))
        controller.close()
      },
    })
  const headers = { 'content-type': 'multipart/form-data; boundary=x' }
  const send = (end: string) =>
    fetch(origin, { method: 'POST', headers, body: body(end), duplex: 'half' } as RequestInit)
  await expect(send('')).rejects.toThrow('fetch failed')
  for (let wait = 0; wait < 50 && (await left()).length > 0; wait += 1) await sleep(20)
  expect(await left()).toEqual([])
  expect((await send('\r\n--x--\r\n')).status).toBe(200)
})
