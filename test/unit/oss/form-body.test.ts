import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { type IncomingMessage, request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { buffer, text } from 'node:stream/consumers'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { readForm } from '../../../app/oss/post-object/form-reader.ts'
import { readPartHead } from '../../../app/oss/post-object/part-head.ts'
import { signPostForm } from '../../../app/signing/index.ts'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'
import recordedForms from './recorded-forms.json' with { type: 'json' }

// What a form's body may look like, byte by byte.

const now = new Date('2026-11-24T12:00:00Z')
const { fields } = signPostForm({
  credentials: OWNER,
  region: 'ap-southeast-1',
  bucket: 'photos',
  now,
  expiresInSeconds: 600,
  target: { dir: 'upload/', maxSize: 9_000_000 },
})
const server = useEmbeddedOss({ now: () => now }, 'all')

const field = (name: string, value: string): string =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
const signed = fields.map(([name, value]) => field(name, value)).join('')
const fileOf = (head: string, content = 'hello'): string => `--x\r\n${head}\r\n\r\n${content}\r\n`
const FILE = 'Content-Disposition: form-data; name="file"; filename="a.txt"'
const END = '--x--\r\n'
const WELL = signed + fileOf(FILE) + END

/** Posts a body; tells status, code, EC and the keys that are there after it. */
async function post(
  body: string | Buffer,
  headers: Record<string, string> = { 'content-type': 'multipart/form-data; boundary=x' },
  path = '/',
) {
  const response = await new Promise<IncomingMessage>((done, fail) => {
    const options = { port: server.port, host: '127.0.0.1', method: 'POST', path }
    request({ ...options, headers }, done)
      .on('error', fail)
      .end(body)
  })
  const answer = await text(response)
  const part = (name: string) => new RegExp(`<${name}>(.*)</${name}>`).exec(answer)?.[1] ?? ''
  const store = server.oss.store.find('photos')?.objects
  const keys = (await store?.list({ max: 9 }))?.objects.map((object) => object.key) ?? []
  for (const stored of keys) await store?.delete(stored)
  expect(await readdir(join(server.root, '.oss/staging/photos'))).toEqual([])
  return { outcome: `${response.statusCode} ${part('Code')} ${part('EC')}`.trimEnd(), keys, answer }
}

describe('a form is accepted', () => {
  test.each<[string, string, string]>([
    ['as browsers send it', WELL, 'a.txt'],
    ['without a line end behind the last boundary', WELL.slice(0, -2), 'a.txt'],
    [
      'a file without a name',
      signed + fileOf('Content-Disposition: form-data; name="file"') + END,
      '',
    ],
    [
      'names without quotes, in other case, with spaces',
      signed + fileOf('content-disposition:form-data ; NAME=file ;filename=b.txt') + END,
      'b.txt',
    ],
    ['a type of the file', signed + fileOf(`${FILE}\r\nContent-Type: text/html`) + END, 'a.txt'],
    [
      'a quote and a path in the name',
      signed + fileOf(FILE.replace('a.txt', 'C:\\dir\\a\\"b.txt')) + END,
      'a"b.txt',
    ],
    [
      'bytes that look like a boundary',
      signed + fileOf(FILE, 'a\r\n--y\r\n-x--x\r-\n--x') + END,
      'a.txt',
    ],
    ['an empty file', signed + fileOf(FILE, '') + END, 'a.txt'],
    [
      'Dart, in lower case, with a field that is not ASCII',
      `--x\r\ncontent-disposition: form-data; name="x:名"\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-transfer-encoding: binary\r\n\r\n值\r\n${signed}${fileOf(FILE.toLowerCase())}${END}`,
      'a.txt',
    ],
    [
      '.NET, without quotes and with both names',
      signed.replaceAll(/name="([^"]*)"/g, 'name=$1') +
        fileOf(
          "Content-Disposition: form-data; name=file; filename=a.txt; filename*=utf-8''a.txt",
        ) +
        END,
      'a.txt',
    ],
  ])('%s', async (_title, body, name) => {
    const { outcome, keys } = await post(body)
    expect([outcome, keys]).toEqual(['200', [`upload/${name}`]])
  })

  // Bodies as these clients wrote them for `fields` and a file "hello" named a.txt. aiohttp writes
  // Content-Type first, which OSS refuses ("0006-00000109", Alibaba Cloud OSS documentation).
  test.each(recordedForms)('$client: what it writes', async ({ client, contentType, body }) => {
    const { outcome, keys } = await post(body, { 'content-type': contentType })
    expect([outcome, keys]).toEqual(
      client.startsWith('aiohttp')
        ? ['400 MalformedPOSTRequest 0006-00000109', []]
        : ['200', ['upload/a.txt']],
    )
  })

  test('a boundary in quotes, with characters that only quotes allow', async () => {
    const body = WELL.replaceAll('--x', "--a b:(c)'?")
    const type = 'multipart/form-data; charset=utf-8; boundary="a b:(c)\'?"'
    expect((await post(body, { 'content-type': type })).outcome).toBe('200')
  })

  test('whatever signature the address or the head have besides', async () => {
    const headers = {
      'content-type': 'multipart/form-data; boundary=x',
      authorization: 'OSS LTAI:nonsense',
    }
    const path = '/?x-oss-signature=nonsense&Signature=nonsense&a=b'
    expect((await post(WELL, headers, path)).outcome).toBe('200')
  })

  test('an ACL in the head, unless a field says otherwise', async () => {
    const headers = {
      'content-type': 'multipart/form-data; boundary=x',
      'x-oss-object-acl': 'public-read',
    }
    expect((await post(WELL, headers)).outcome).toBe('403 AccessDenied 0016-00000901')
    const own = field('x-oss-object-acl', 'private') + WELL
    expect((await post(own, headers)).outcome).toBe('200')
  })

  test('with the Content-MD5 of the whole body, no other', async () => {
    const headers = (md5: string) => ({
      'content-type': 'multipart/form-data; boundary=x',
      'content-md5': md5,
    })
    const digest = createHash('md5').update(WELL).digest('base64')
    expect((await post(WELL, headers(digest))).outcome).toBe('200')
    expect((await post(WELL.replace('hello', 'hallo'), headers(digest))).outcome).toBe(
      '400 InvalidDigest 0000-00000000',
    )
    expect((await post(WELL, headers('nonsense'))).outcome).toBe('400 InvalidDigest 0000-00000000')
  })
})

const BAD = '400 MalformedPOSTRequest 0006-00000103'
const CUT = '400 MalformedPOSTRequest 0006-00000104'
const HEAD = '400 MalformedPOSTRequest 0006-00000109'
const LONG = '400 MalformedPOSTRequest 0006-00000110'

describe('a form is refused', () => {
  test.each<[string, string, string]>([
    ['no body at all', '', CUT],
    ['no file', signed + END, '400 InvalidArgument 0006-00000107'],
    ['the end alone', END, '400 InvalidArgument 0006-00000107'],
    ['a body that breaks off in the file', signed + fileOf(FILE).slice(0, -3), CUT],
    ['a body that breaks off before the last dashes', WELL.slice(0, -4), CUT],
    ['something before the first boundary', `preamble\r\n${WELL}`, BAD],
    ['something behind the last', `${WELL}epilogue`, BAD],
    ['another body behind the last', WELL + WELL, BAD],
    ['a field behind the file', signed + fileOf(FILE) + field('submit', 'Upload') + END, BAD],
    [
      'a second file',
      signed + fileOf(FILE) + fileOf(FILE) + END,
      '400 IncorrectNumberOfFilesInPOSTRequest 0000-00000000',
    ],
    [
      'a file of another name',
      signed + fileOf(FILE.replace('"file"', '"photo"')) + END,
      '400 InvalidArgument 0006-00000107',
    ],
    ['a field twice, in another case', field('KEY', 'upload/b') + WELL, BAD],
    ['a boundary that goes on', signed + fileOf(FILE, 'a\r\n--xy') + END, BAD],
    ['line feeds alone', WELL.replaceAll('\r\n', '\n'), BAD],
    ['a part without a head', `${signed}--x\r\n\r\n\r\n${fileOf(FILE)}${END}`, HEAD],
    ['a type before the name', signed + fileOf(`Content-Type: a/b\r\n${FILE}`) + END, HEAD],
    ['no name', signed + fileOf('Content-Disposition: form-data; filename="a"') + END, HEAD],
    ['two names', signed + fileOf(`${FILE}; name="key"`) + END, HEAD],
    ['another disposition', signed + fileOf(FILE.replace('form-data', 'attachment')) + END, HEAD],
    ['a quote that is not closed', signed + fileOf(FILE.slice(0, -1)) + END, HEAD],
    ['a bare line end in a head', signed + fileOf(FILE.replace('a.txt', 'a\n.txt')) + END, HEAD],
    ['a NUL in a head', signed + fileOf(FILE.replace('a.txt', 'a\0.txt')) + END, HEAD],
    [
      'an unknown header of a part',
      signed + fileOf(`${FILE}\r\nX-Name: value`) + END,
      '400 InvalidArgument 0000-00000000',
    ],
    ['a long name of a field', field('n'.repeat(8193), '') + WELL, LONG],
    ['a head without end', `${signed}--x\r\n${FILE}${'a'.repeat(20_000)}`, LONG],
    [
      'a long value',
      field('x', 'v'.repeat(2 * 1024 * 1024 + 1)) + WELL,
      '400 FieldItemTooLong 0000-00000000',
    ],
    [
      'long fields',
      [1, 2, 3, 4, 5].map((n) => field(`x${n}`, 'v'.repeat(2_000_000))).join('') + WELL,
      '400 MaxPOSTPreDataLengthExceededError 0006-00000112',
    ],
    [
      'a name in the extended form alone, which makes the file a field',
      signed + fileOf(`${FILE.slice(0, -17)}filename*=UTF-8''a.txt`) + END,
      '400 InvalidArgument 0006-00000107',
    ],
    [
      'the same with a file longer than a field may be',
      signed + fileOf(`${FILE.slice(0, -17)}filename*=UTF-8''a.txt`, 'v'.repeat(2_100_000)) + END,
      '400 FieldItemTooLong 0000-00000000',
    ],
  ])('%s', async (_title, body, expected) => {
    const { outcome, keys } = await post(body)
    expect([outcome, keys]).toEqual([expected, []])
  })

  test('what is no UTF-8', async () => {
    const broken = (from: string, to: string) => Buffer.from(WELL.replace(from, to), 'latin1')
    expect((await post(broken('a.txt', 'a\xff.txt'))).outcome).toBe(HEAD)
    expect((await post(broken('${filename}', '\xff'))).outcome).toBe(BAD)
  })

  test.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'multipart/form-data; boundary=',
    `multipart/form-data; boundary=${'b'.repeat(71)}`,
    'multipart/mixed; boundary=x',
  ])('a body of type %s', async (type) => {
    expect((await post(WELL, { 'content-type': type })).outcome).toBe(
      '400 RequestIsNotMultiPartContent 0006-00000101',
    )
  })

  test('a body without a length', async () => {
    const response = await new Promise<IncomingMessage>((done, fail) => {
      const headers = { 'content-type': 'multipart/form-data; boundary=x' }
      const options = { port: server.port, host: '127.0.0.1', method: 'POST', headers }
      const asking = request(options, done)
      asking.removeHeader('transfer-encoding')
      asking.useChunkedEncodingByDefault = false
      asking.on('error', fail).end()
    })
    expect([response.statusCode, await text(response)]).toEqual([
      411,
      expect.stringContaining('<Code>MissingContentLength</Code>'),
    ])
  })

  test('a body that is longer than any may be, before any of it has come', async () => {
    const headers = {
      'content-type': 'multipart/form-data; boundary=x',
      'content-length': String(5 * 1024 ** 3 + 8 * 1024 ** 2 + 1),
    }
    const asking = request({ port: server.port, host: '127.0.0.1', method: 'POST', headers })
    const response = await new Promise<IncomingMessage>((done, fail) => {
      asking.on('response', done).on('error', fail).flushHeaders()
    })
    expect([response.statusCode, await text(response)]).toEqual([
      400,
      expect.stringContaining('<Code>EntityTooLarge</Code>'),
    ])
    asking.destroy()
  })
})

test('however a body is cut into chunks, the form and its file are the same', async () => {
  const tricky = fc.oneof(
    fc.constantFrom('\r', '\n', '\r\n', '-', '--', '\r\n-', '\r\n--', '\r\n--bound', '--boundary'),
    fc.string({ unit: 'binary', maxLength: 5 }),
  )
  const content = fc.array(tricky, { maxLength: 12 }).map((parts) => Buffer.from(parts.join('')))
  const cuts = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 20 })
  await fc.assert(
    fc.asyncProperty(content, content, cuts, async (value, file, lengths) => {
      fc.pre(!/\r\n--boundary/.test(`${value.toString('latin1')}${file.toString('latin1')}`))
      const head = (rest: string) => `--boundary\r\nContent-Disposition: form-data; ${rest}\r\n\r\n`
      const body = Buffer.concat([
        Buffer.from(head('name="Key"')),
        value,
        Buffer.from(`\r\n${head('name="file"; filename="照 片.png"')}`),
        file,
        Buffer.from('\r\n--boundary--\r\n'),
      ])
      const chunks: Buffer[] = []
      for (let at = 0, n = 0; at < body.length; n += 1) {
        const length = lengths[n % lengths.length] ?? 1
        chunks.push(body.subarray(at, at + length))
        at += length
      }
      const headers = { 'content-type': 'multipart/form-data; boundary=boundary' }
      const source = Object.assign(Readable.from(chunks, { objectMode: true }), { headers })
      const seen: Buffer[] = []
      const form = await readForm(source as unknown as IncomingMessage, (bytes) => seen.push(bytes))
      expect(form.fileName).toBe('照 片.png')
      expect(Buffer.from(form.fields.get('key') ?? '').equals(value)).toBe(true)
      expect((await buffer(Readable.from(form.file))).equals(file)).toBe(true)
      expect(Buffer.concat(seen).equals(body)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('a head that is written as most clients do says the same as one that is not', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[\w-]{1,40}$/), (name) => {
      const head = readPartHead(`Content-Disposition: form-data; name="${name}"`)
      expect(head).toEqual({ name, extended: false, contentType: '' })
      expect(readPartHead(`content-disposition:form-data ;name=${name}`)).toEqual(head)
    }),
  )
})
