import { createHash, randomBytes } from 'node:crypto'
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { presignUrl } from '../../../app/signing/index.ts'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'

const PART = 100 * 1024
const folder = () => join(server.root, '.oss', 'uploads', 'photos')
let clock = 0
const now = (): Date => new Date(Date.now() + clock)
const server = useEmbeddedOss({ now })

beforeEach(() => {
  clock = 0
})

function call(
  method: 'GET' | 'PUT' | 'POST' | 'DELETE',
  key: string,
  query: Record<string, string>,
  body?: Uint8Array<ArrayBuffer> | string,
  headers: Record<string, string> = {},
): Promise<Response> {
  const url = presignUrl({
    credentials: OWNER,
    region: 'ap-southeast-1',
    bucket: 'photos',
    endpoint: server.origin,
    now: now(),
    expiresInSeconds: 60,
    key,
    method,
    query,
    headers,
  })
  return fetch(url, { method, headers, ...(body === undefined ? {} : { body }) })
}

const xml = { 'Content-Type': 'application/xml' }
const bytes = (content: string | Buffer) => new Uint8Array(Buffer.from(content))

async function begin(key: string, headers: Record<string, string> = {}): Promise<string> {
  const reply = await call('POST', key, { uploads: '' }, undefined, headers)
  expect(reply.status).toBe(200)
  return /<UploadId>(.*)<\/UploadId>/.exec(await reply.text())?.[1] ?? ''
}

async function put(key: string, uploadId: string, number: number, content: Buffer) {
  const query = { partNumber: String(number), uploadId }
  const reply = await call('PUT', key, query, bytes(content))
  expect(reply.status).toBe(200)
  return reply.headers.get('etag') ?? ''
}

function complete(key: string, uploadId: string, parts: [number, string][]): Promise<Response> {
  const listed = parts.map(
    ([number, etag]) => `<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`,
  )
  const body = `<CompleteMultipartUpload>${listed.join('')}</CompleteMultipartUpload>`
  return call('POST', key, { uploadId }, body, xml)
}

async function refused(reply: Response): Promise<[number, string | undefined]> {
  return [reply.status, /<Code>(.*)<\/Code>/.exec(await reply.text())?.[1]]
}

const md5 = (content: Buffer): string =>
  createHash('md5').update(content).digest('hex').toUpperCase()

test('the object has the listed parts, whatever was sent before, in any order', async () => {
  const uploadId = await begin('a.bin')
  const contents = [1, 2, 3, 4].map(() => randomBytes(PART + 3))
  const etags: string[] = []
  for (const n of [3, 1, 4, 2])
    etags[n] = await put('a.bin', uploadId, n, contents[n - 1] as Buffer)
  const again = randomBytes(PART)
  etags[2] = await put('a.bin', uploadId, 2, again)
  expect(etags[2]).toBe(`"${md5(again)}"`)
  const chosen: [number, string][] = [1, 2, 4].map((n) => [n, etags[n] ?? ''])
  const reply = await complete('a.bin', uploadId, chosen)
  expect(reply.status).toBe(200)
  const whole = Buffer.concat([contents[0] as Buffer, again, contents[3] as Buffer])
  expect(md5(await readFile(join(server.root, 'photos', 'a.bin')))).toBe(md5(whole))
  const meta = await server.oss.store.find('photos')?.objects.head('a.bin')
  const hashes = [contents[0], again, contents[3]].map((c) => Buffer.from(md5(c as Buffer), 'hex'))
  expect([meta?.size, meta?.etag, meta?.crc64]).toEqual([
    whole.length,
    `${md5(Buffer.concat(hashes))}-3`,
    reply.headers.get('x-oss-hash-crc64ecma'),
  ])
  // Nothing is left, and the id is unknown.
  expect(await readdir(folder())).toEqual([])
  expect(await refused(await complete('a.bin', uploadId, chosen))).toEqual([404, 'NoSuchUpload'])
})

test('a wrong list of parts is refused, and the upload can continue', async () => {
  const uploadId = await begin('a.bin')
  const [small, whole] = [Buffer.alloc(PART - 1, 'a'), Buffer.alloc(PART, 'b')]
  const tags = [await put('a.bin', uploadId, 1, small), await put('a.bin', uploadId, 2, whole)] as [
    string,
    string,
  ]
  for (const [parts, expected] of [
    [
      [
        [1, tags[0]],
        [2, tags[1]],
      ],
      [400, 'EntityTooSmall'],
    ],
    [
      [
        [2, tags[1]],
        [1, tags[0]],
      ],
      [400, 'InvalidPartOrder'],
    ],
    [
      [
        [2, tags[1]],
        [2, tags[1]],
      ],
      [400, 'InvalidPartOrder'],
    ],
    [[[2, tags[0]]], [400, 'InvalidPart']],
    [[[3, tags[1]]], [400, 'InvalidPart']],
    [[], [400, 'MalformedXML']],
  ] as [[number, string][], [number, string]][]) {
    expect(await refused(await complete('a.bin', uploadId, parts))).toEqual(expected)
  }
  expect(await refused(await complete('b.bin', uploadId, [[2, tags[1]]]))).toEqual([
    404,
    'NoSuchUpload',
  ])
  for (const partNumber of ['0', '10001', '-1', '1.5', '']) {
    const reply = await call('PUT', 'a.bin', { partNumber, uploadId }, bytes('x'))
    expect(await refused(reply)).toEqual([400, 'InvalidArgument'])
  }
  // The last part may have any size.
  tags[0] = await put('a.bin', uploadId, 1, whole)
  await put('a.bin', uploadId, 2, Buffer.from('x'))
  const last = await put('a.bin', uploadId, 10_000, Buffer.from('x'))
  expect(
    (
      await complete('a.bin', uploadId, [
        [1, tags[0]],
        [10_000, last],
      ])
    ).status,
  ).toBe(200)
  expect((await stat(join(server.root, 'photos', 'a.bin'))).size).toBe(PART + 1)
})

test('an existing key is refused at completion, and the parts stay', async () => {
  const forbid = { 'x-oss-forbid-overwrite': 'true' }
  const uploadId = await begin('a.bin', forbid)
  const etag = await put('a.bin', uploadId, 1, Buffer.from('parts'))
  expect((await call('PUT', 'a.bin', {}, bytes('taken'))).status).toBe(200)
  const reply = await complete('a.bin', uploadId, [[1, etag]])
  expect(reply.headers.get('x-oss-ec')).toBe('0042-00000214')
  expect(await refused(reply)).toEqual([409, 'FileAlreadyExists'])
  expect((await call('DELETE', 'a.bin', {})).status).toBe(204)
  expect((await complete('a.bin', uploadId, [[1, etag]])).status).toBe(200)
  expect(await readFile(join(server.root, 'photos', 'a.bin'), 'utf8')).toBe('parts')
})

test('of two concurrent completions, one succeeds and the other finds no upload', async () => {
  const uploadId = await begin('a.bin')
  const etag = await put('a.bin', uploadId, 1, Buffer.from('parts'))
  const replies = await Promise.all([1, 2].map(() => complete('a.bin', uploadId, [[1, etag]])))
  expect(replies.map(({ status }) => status).sort()).toEqual([200, 404])
})

test('a killed completion continues with the parts that it had chosen', async () => {
  const uploadId = await begin('a.bin')
  const contents = [1, 2, 3].map(() => randomBytes(PART))
  const etags: string[] = []
  for (const [i, content] of contents.entries()) {
    etags.push(await put('a.bin', uploadId, i + 1, content))
  }
  const place = join(folder(), uploadId)
  const names = (await readdir(place)).filter((name) => /^\d{5}-/.test(name)).sort()
  const parts = await server.oss.store.find('photos')?.uploads.parts(uploadId)
  await server.oss.close()
  // State after half of the second part was appended.
  const journal = parts?.map((part, i) => ({ ...part, path: names[i] }))
  await writeFile(join(place, 'completing.json'), JSON.stringify(journal))
  const half = Buffer.concat([contents[0] as Buffer, (contents[1] as Buffer).subarray(0, 1000)])
  await writeFile(join(place, 'whole'), half)
  await rm(join(place, names[0] ?? ''))
  await server.restart()
  const list = etags.map((etag, i): [number, string] => [i + 1, etag])
  const listed = await (await call('GET', 'a.bin', { uploadId })).text()
  expect([...listed.matchAll(/<PartNumber>(\d)</g)].map(([, n]) => n)).toEqual(['1', '2', '3'])
  expect(await refused(await complete('a.bin', uploadId, list.slice(0, 2)))).toEqual([
    400,
    'InvalidPart',
  ])
  expect((await complete('a.bin', uploadId, list)).status).toBe(200)
  expect(md5(await readFile(join(server.root, 'photos', 'a.bin')))).toBe(
    md5(Buffer.concat(contents)),
  )
})

test('uploads initiated a week ago are removed at the next start', async () => {
  const old = await begin('old.bin')
  await put('old.bin', old, 1, Buffer.alloc(PART))
  clock = 6 * 86_400_000
  const fresh = await begin('fresh.bin')
  clock = 8 * 86_400_000
  await server.restart()
  expect(await readdir(folder())).toEqual([fresh])
  expect(await refused(await call('GET', 'old.bin', { uploadId: old }))).toEqual([
    404,
    'NoSuchUpload',
  ])
})
