import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import { createUploadToken, verifyUploadToken } from '../../../app/server/multipart/upload-token.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'
import { partCount, partLength, partSizeFor } from '../../../app/signing/multipart-limits.ts'
import { refusal, serveApp } from './app-server.ts'

const MIB = 1024 * 1024
const PART = 200 * 1024

describe('part sizes', () => {
  test.each([
    [1, 8 * MIB, 8 * MIB, 1],
    [8 * MIB, 8 * MIB, 8 * MIB, 1],
    [8 * MIB + 1, 8 * MIB, 8 * MIB, 2],
    [80_000 * MIB, 8 * MIB, 8 * MIB, 10_000],
    [80_000 * MIB + 1, 8 * MIB, 9 * MIB, 8889],
    [10_000 * 5 * 1024 ** 3, 8 * MIB, 5 * 1024 ** 3, 10_000],
  ])('%i bytes with parts of %i go in parts of %i: %i', (size, preferred, partSize, parts) => {
    expect(partSizeFor(size, preferred)).toBe(partSize)
    expect(partCount(size, partSize)).toBe(parts)
    const last = partLength(size, partSize, parts)
    expect((parts - 1) * partSize + last).toBe(size)
    expect(last).toBeGreaterThan(0)
  })
})

describe('the upload token', () => {
  const secret = Buffer.from('secret')
  const upload = {
    key: 'upload/照片.png',
    size: 7,
    contentType: 'image/png',
    partSize: PART,
    expires: 1000,
  }
  const token = createUploadToken(secret, 'photos', upload)

  test('carries what was allowed', () => {
    expect(verifyUploadToken(token, secret, 'photos', 999.9)).toEqual(upload)
  })

  test.each([
    ['another key', token, Buffer.from('other'), 'photos', 0, 'UploadTokenInvalid'],
    ['another bucket', token, secret, 'films', 0, 'UploadTokenInvalid'],
    ['a changed payload', `A${token.slice(1)}`, secret, 'photos', 0, 'UploadTokenInvalid'],
    ['a cut one', token.slice(0, -1), secret, 'photos', 0, 'UploadTokenInvalid'],
    ['none', undefined, secret, 'photos', 0, 'UploadTokenInvalid'],
    ['two', [token, token], secret, 'photos', 0, 'UploadTokenInvalid'],
    ['an old one', token, secret, 'photos', 1000, 'UploadExpired'],
  ])('%s is refused', (_name, text, key, bucket, now, code) => {
    expect(() => verifyUploadToken(text, key, bucket, now)).toThrow(
      expect.objectContaining({ name: 'RequestError', code }),
    )
  })
})

describe('the steps of an upload to the embedded OSS', () => {
  let root: string
  let oss: EmbeddedOss
  let clock = 0

  beforeEach(async () => {
    clock = 0
    root = await mkdtemp(join(tmpdir(), 'oss-'))
    const statement = (Action: string[]) => ({
      Version: '1' as const,
      Statement: [{ Effect: 'Allow' as const, Action, Resource: ['acs:oss:*:*:photos/upload/*'] }],
    })
    oss = await startEmbeddedOss({
      dir: root,
      now,
      keys: [
        { accessKeyId: 'PUT', accessKeySecret: 's1', policies: [statement(['oss:PutObject'])] },
        {
          accessKeyId: 'STS',
          accessKeySecret: 's2',
          securityToken: 'token',
          policies: [statement(['oss:PutObject', 'oss:ListParts', 'oss:AbortMultipartUpload'])],
        },
      ],
      buckets: [{ name: 'photos' }],
      bucketOfAddress: 'photos',
    })
  })

  afterEach(async () => {
    await oss.close()
    await rm(root, { recursive: true })
  })

  const now = (): Date => new Date(Date.now() + clock)
  const lasting = { accessKeyId: 'PUT', accessKeySecret: 's1' }
  const temporary = { accessKeyId: 'STS', accessKeySecret: 's2', securityToken: 'token' }

  const serve = (change: Partial<SigningOptions> = {}): Promise<string> =>
    serveApp({
      credentials: lasting,
      uploadHost: `http://127.0.0.1:${oss.port}`,
      naming: 'keep',
      multipart: { partSize: PART, maxSize: 100 * PART },
      now,
      ...change,
    })

  // biome-ignore lint/suspicious/noExplicitAny: answers are compared as a whole
  const ask = async (origin: string, path: string, query: object): Promise<any> => {
    const search = new URLSearchParams(
      Object.entries(query).map(([name, value]) => [name, String(value)]),
    )
    const response = await fetch(`${origin}/${path}?${search}`)
    expect(response.status, path).toBe(200)
    return response.json()
  }
  const call =
    ({ method, url, headers }: { method: string; url: string; headers?: object }) =>
    (body?: string) =>
      fetch(url, { method, headers: { ...headers }, ...(body === undefined ? {} : { body }) })
  const code = async (response: Response): Promise<[number, string | undefined]> => [
    response.status,
    /<Code>(.*)<\/Code>/.exec(await response.text())?.[1],
  ]

  async function startUpload(origin: string, name: string, size: number) {
    const started = await ask(origin, 'multipart', { name, type: 'image/png', size })
    const reply = await call(started.initiate)()
    expect(reply.status).toBe(200)
    const uploadId = /<UploadId>(.*)<\/UploadId>/.exec(await reply.text())?.[1] ?? ''
    return { started, token: started.token as string, uploadId }
  }

  async function put(part: { url: string; size: number; offset: number }, content: Buffer) {
    return fetch(part.url, {
      method: 'PUT',
      body: new Uint8Array(content.subarray(part.offset, part.offset + part.size)),
    })
  }

  function list(etags: (string | null)[]): string {
    const parts = etags.map(
      (etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`,
    )
    return `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  }

  test.each([
    ['a key that may only put', lasting],
    ['temporary credentials', temporary],
  ])('%s uploads in parts, each step signed by another instance', async (_name, credentials) => {
    const content = Buffer.alloc(2 * PART + 5, 'parts')
    const { started, token, uploadId } = await startUpload(
      await serve({ credentials }),
      'a/照片 1.png',
      content.length,
    )
    expect([started.key, started.partSize, started.parts]).toEqual(['upload/a/照片 1.png', PART, 3])
    const { method, parts } = await ask(await serve({ credentials }), 'multipart/parts', {
      token,
      uploadId,
      from: 1,
      to: 3,
    })
    expect(method).toBe('PUT')
    const etags: (string | null)[] = []
    for (const part of parts) {
      const reply = await put(part, content)
      expect(reply.status).toBe(200)
      etags.push(reply.headers.get('etag'))
    }
    const done = await ask(await serve({ credentials }), 'multipart/complete', { token, uploadId })
    expect((await call(done)(list(etags))).status).toBe(200)
    const object = await oss.store.find('photos')?.objects.open('upload/a/照片 1.png')
    expect(object?.meta.headers['content-type']).toBe('image/png')
    const hash = createHash('md5')
    for await (const chunk of object?.stream() ?? []) hash.update(chunk)
    expect(hash.digest('hex')).toBe(createHash('md5').update(content).digest('hex'))
  })

  test('a part URL is valid only for its key, upload, number and length', async () => {
    const origin = await serve()
    const content = Buffer.alloc(PART + 5, 'x')
    const { token, uploadId } = await startUpload(origin, 'a.png', content.length)
    const { parts } = await ask(origin, 'multipart/parts', { token, uploadId, from: 1, to: 2 })
    const [first, last] = parts
    expect([first.offset, first.size, last.offset, last.size]).toEqual([0, PART, PART, 5])
    const mismatch = [403, 'SignatureDoesNotMatch']
    const url = (from: string, to: string) => {
      const changed = first.url.replace(from, to)
      expect(changed).not.toBe(first.url)
      return fetch(changed, { method: 'PUT', body: new Uint8Array(content.subarray(0, PART)) })
    }
    expect(await code(await url('partNumber=1', 'partNumber=2'))).toEqual(mismatch)
    expect(await code(await url('upload/a.png', 'upload/b.png'))).toEqual(mismatch)
    const otherId = uploadId.replace(/.$/, (last) => (last === '0' ? '1' : '0'))
    expect(await code(await url(uploadId, otherId))).toEqual(mismatch)
    const longer = { ...last, size: 6, offset: 0 }
    expect(await code(await put(longer, content))).toEqual(mismatch)
    expect(await code(await put({ ...last, size: 4 }, content))).toEqual(mismatch)
    const header = { 'x-oss-object-acl': 'public-read' }
    expect(
      await code(
        await fetch(last.url, {
          method: 'PUT',
          body: new Uint8Array(content.subarray(0, 5)),
          headers: header,
        }),
      ),
    ).toEqual(mismatch)
    expect((await put(last, content)).status).toBe(200)
    clock = 601_000
    expect(await code(await put(last, content))).toEqual([403, 'AccessDenied'])
  })

  test('the call that initiates an upload pins type and overwrite rule', async () => {
    const origin = await serve()
    const { initiate } = await ask(origin, 'multipart', { name: 'a.png', type: 'a/b', size: 9 })
    expect(initiate.headers).toEqual({
      'Cache-Control': 'no-cache',
      'Content-Disposition': 'inline',
      'Content-Encoding': 'identity',
      'Content-Type': 'a/b',
      Expires: 'Thu, 01 Jan 1970 00:00:00 GMT',
      'x-oss-forbid-overwrite': 'true',
      'x-oss-object-acl': 'default',
      'x-oss-storage-class': 'Standard',
    })
    const mismatch = [403, 'SignatureDoesNotMatch']
    for (const headers of [
      { ...initiate.headers, 'Content-Type': 'text/html' },
      { ...initiate.headers, 'x-oss-forbid-overwrite': 'false' },
      { 'Content-Type': 'a/b' },
      ...Object.keys(initiate.headers).map((name) => ({ ...initiate.headers, [name]: 'gzip' })),
    ]) {
      expect(await code(await call({ ...initiate, headers })())).toEqual(mismatch)
    }
    expect((await call(initiate)()).status).toBe(200)
  })

  test('list and abort need their own permissions', async () => {
    for (const [credentials, statuses] of [
      [lasting, [403, 403]],
      [temporary, [200, 204]],
    ] as const) {
      const origin = await serve({ credentials })
      const content = Buffer.alloc(PART + 5, 'x')
      const { token, uploadId } = await startUpload(origin, 'a.png', content.length)
      const { parts } = await ask(origin, 'multipart/parts', { token, uploadId, from: 2, to: 2 })
      await put(parts[0], content)
      const listed = await call(await ask(origin, 'multipart/list', { token, uploadId }))()
      const numbers = [...(await listed.text()).matchAll(/<PartNumber>(\d+)</g)].map(([, n]) => n)
      const behind = await call(
        await ask(origin, 'multipart/list', { token, uploadId, after: 2 }),
      )()
      expect(await behind.text()).not.toContain('<PartNumber>')
      const aborted = await call(await ask(origin, 'multipart/abort', { token, uploadId }))()
      expect([listed.status, aborted.status]).toEqual(statuses)
      expect(numbers).toEqual(listed.status === 200 ? ['2'] : [])
    }
  })

  test.each<[string, Record<string, string>, [number, string]]>([
    [
      'multipart',
      { name: 'a.png', size: '1001' },
      [413, 'FileTooLarge: The file has 1001 bytes; at most 1000 are allowed'],
    ],
    [
      'multipart',
      { name: 'a.exe', size: '1' },
      [415, 'TypeNotAllowed: Only these files are allowed: .png'],
    ],
    ['multipart', {}, [400, 'InvalidRequest: The parameters "name" and "size" must be given']],
    [
      'multipart',
      { name: 'a.png', size: '0' },
      [400, 'InvalidRequest: An empty file has no parts: use a form'],
    ],
    [
      'multipart/parts',
      { token: 'x', uploadId: 'U', from: '1', to: '1' },
      [403, 'UploadTokenInvalid: The upload token was not issued here: start the upload again'],
    ],
    [
      'multipart/parts',
      { uploadId: '../U', from: '1', to: '1' },
      [400, 'InvalidRequest: The parameter "uploadId" must be the id from OSS'],
    ],
    [
      'multipart/parts',
      { uploadId: 'U', from: '0', to: '1' },
      [400, 'InvalidRequest: The parameter "from" must be a whole number from 1 to 1'],
    ],
    [
      'multipart/parts',
      { uploadId: 'U', from: '1', to: '2' },
      [400, 'InvalidRequest: The parameter "to" must be a whole number from 1 to 1'],
    ],
    [
      'multipart/list',
      { uploadId: 'U', after: '-1' },
      [400, 'InvalidRequest: The parameter "after" must be a whole number from 0 to 10000'],
    ],
  ])('%s with %j is refused', async (path, query, expected) => {
    const origin = await serve({
      multipart: { maxSize: 1000 },
      allowedTypes: ['.png'],
    })
    const { token } = await ask(origin, 'multipart', { name: 'a.png', size: 9 })
    const search = new URLSearchParams({ token, ...query })
    expect(await refusal(await fetch(`${origin}/${path}?${search}`))).toEqual(expected)
  })

  test('tokens of different sizes for one key store no more than the largest file', async () => {
    const maxSize = 3 * PART + 10
    const origin = await serve({ multipart: { partSize: PART, maxSize } })
    const upload = await startUpload(origin, 'one.bin', maxSize)
    const content = Buffer.alloc(maxSize + PART)
    const sizes = [maxSize, 1, PART, 2 * PART + 5, 3 * PART, 3 * PART + 1, maxSize - 1]
    const largest = new Map<number, number>()
    for (const size of sizes) {
      const { token, partSize, parts } = await ask(origin, 'multipart', { name: 'one.bin', size })
      expect([partSize, parts]).toEqual([PART, Math.ceil(size / PART)])
      const query = { token, uploadId: upload.uploadId, from: 1, to: parts }
      for (const part of (await ask(origin, 'multipart/parts', query)).parts) {
        largest.set(part.partNumber, Math.max(part.size, largest.get(part.partNumber) ?? 0))
        expect((await put(part, content)).status).toBe(200)
      }
    }
    expect([...largest.values()].reduce((sum, size) => sum + size)).toBe(maxSize)
  })

  test('the part size follows the configured maximum, not the announced size', async () => {
    const multipart = { partSize: PART, maxSize: 10_000 * PART + 1 }
    const origin = await serve({ multipart })
    for (const size of [1, 5 * PART, multipart.maxSize]) {
      const { partSize } = await ask(origin, 'multipart', { name: 'a.bin', size })
      expect(partSize).toBe(MIB)
    }
  })

  test('an expired upload cannot be continued', async () => {
    const origin = await serve({ multipart: { lifetimeSeconds: 60 } })
    const { token } = await ask(origin, 'multipart', { name: 'a.png', size: 9 })
    clock = 61_000
    const url = `${origin}/multipart/initiate?token=${token}`
    expect(await refusal(await fetch(url))).toEqual([
      410,
      'UploadExpired: The upload was started too long ago to continue: start it again',
    ])
  })

  test('every step needs the access code and is rate limited', async () => {
    const accessCode = 'open-sesame'
    const origin = await serveApp(
      { accessCode, multipart: {}, naming: 'keep' },
      { signaturesPerMinute: 8 },
    )
    const steps = ['', '/initiate', '/parts', '/complete', '/list', '/abort']
    for (const path of steps) {
      expect((await fetch(`${origin}/multipart${path}`)).status).toBe(401)
    }
    const headers = { 'x-access-code': accessCode }
    const started = await fetch(`${origin}/multipart?name=a&size=1`, { headers })
    expect(started.status).toBe(200)
    expect((await fetch(`${origin}/signature?name=a&size=1`, { headers })).status).toBe(200)
    expect((await fetch(`${origin}/multipart/parts`, { headers })).status).toBe(429)
  })

  test('every step answers CORS for allowed origins', async () => {
    const site = 'https://page.example'
    const origin = await serveApp({ multipart: {} }, { corsOrigins: [site] })
    for (const path of ['', '/parts', '/complete', '/list', '/abort', '/initiate']) {
      const headers = { origin: site, 'access-control-request-method': 'GET' }
      const preflight = await fetch(`${origin}/multipart${path}`, { method: 'OPTIONS', headers })
      expect([
        preflight.status,
        preflight.headers.get('access-control-allow-origin'),
        preflight.headers.get('access-control-allow-headers'),
      ]).toEqual([204, site, 'content-type, x-access-code'])
    }
    const post = await fetch(`${origin}/multipart/abort`, { method: 'POST' })
    expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
  })

  test('without the option the paths do not exist', async () => {
    const origin = await serveApp()
    expect((await refusal(await fetch(`${origin}/multipart?name=a&size=1`)))[0]).toBe(404)
    expect(await (await fetch(`${origin}/config.json`)).json()).not.toHaveProperty('multipart')
    const on = await serveApp({ maxSize: 7, multipart: { threshold: 5 } })
    expect((await (await fetch(`${on}/config.json`)).json()).multipart).toEqual({
      threshold: 5,
      maxSize: 7,
    })
  })

  test('options outside of the limits of OSS are refused at the start', async () => {
    await expect(serve({ multipart: { partSize: 102_399 } })).rejects.toThrow(
      new TypeError('multipart.partSize must be a whole number from 102400 to 5368709120'),
    )
  })
})
