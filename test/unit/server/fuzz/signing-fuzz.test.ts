import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isAllowedType, mediaTypeEssence } from '../../../../app/contract/index.ts'
import { publicKeyUrl } from '../../../../app/server/callback/public-key.ts'
import { createCallbackToken, verifyCallbackToken } from '../../../../app/server/callback/token.ts'
import { isCallbackUrl } from '../../../../app/server/callback/url.ts'
import { RequestError } from '../../../../app/server/http/errors.ts'
import { clientSubnet } from '../../../../app/server/limits/client-subnet.ts'
import {
  createUploadToken,
  verifyUploadToken,
} from '../../../../app/server/multipart/upload-token.ts'
import { parseFiles } from '../../../../app/server/signature/sign-files.ts'
import { objectKey } from '../../../../app/server/upload/object-key.ts'
import { PINNED_FIELDS } from '../../../../app/server/upload/pinned-fields.ts'
import { storedType } from '../../../../app/server/upload/stored-type.ts'
import { parseUpload } from '../../../../app/server/upload/upload-request.ts'
import { SigningError, signPostForm } from '../../../../app/signing/index.ts'

// Longer by hand: FUZZ_RUNS=200000 npm test -- test/unit/server/fuzz
const RUNS = { numRuns: Number(process.env.FUZZ_RUNS ?? 1000) }

const HOSTILE = ['/', '\\', '..', '.', '\0', '\r\n', '${filename}', '\u202e', '%2f', '"', ';', ',']
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .array(
      fc.oneof(fc.constantFrom(...HOSTILE, '.jpg', '.html', 'a'), fc.string({ maxLength: 5 })),
      { maxLength: 20 },
    )
    .map((parts) => parts.join('')),
)
const type = fc.oneof(
  text,
  fc
    .tuple(
      fc.constantFrom('image', 'text', 'application', 'IMAGE'),
      fc.constantFrom(
        'jpeg',
        'html',
        'svg+xml',
        'xml',
        '*',
        'png;q=1',
        'jpeg;,text/html',
        'x,text/html',
      ),
      text,
    )
    .map(([kind, subtype, rest]) => `${kind}/${subtype}${rest}`),
)
const parsed = (query: Record<string, unknown>) => {
  try {
    return parseUpload(query)
  } catch {
    return undefined
  }
}

describe('names', () => {
  test('every key is under its prefix, ends as its name does, and can be signed or is refused', () => {
    fc.assert(
      fc.property(text, fc.constantFrom('keep' as const, 'unique' as const), (name, naming) => {
        const key = objectKey({ dir: 'upload/', name, naming })
        if (key === undefined) return
        expect(key.startsWith('upload/')).toBe(true)
        expect(key.split('/').some((part) => ['', '.', '..'].includes(part))).toBe(false)
        expect(key).not.toMatch(/\p{Cc}|\\|\$\{/u)
        for (const extension of ['.jpg', '.html']) {
          if (name.endsWith(extension)) expect(key.endsWith(extension)).toBe(true)
        }
      }),
      RUNS,
    )
  })
})

describe('POST /signatures', () => {
  test('whatever JSON the body is, it is refused or each file is parsed or refused', () => {
    const file = fc.oneof(
      fc.record({ name: text, type, size: fc.oneof(fc.nat(), fc.double(), text) }),
      fc.jsonValue(),
    )
    const body = fc.oneof(fc.record({ files: fc.array(file, { maxLength: 110 }) }), fc.jsonValue())
    fc.assert(
      fc.property(body, (value) => {
        try {
          for (const each of parseFiles(JSON.parse(JSON.stringify(value)))) {
            const upload = parseUpload(each)
            if (upload === undefined) continue
            expect(upload.name.length).toBeGreaterThan(0)
            expect(upload.size).toBe(Math.abs(Math.trunc(upload.size)))
          }
        } catch (error) {
          expect(error).toBeInstanceOf(RequestError)
          expect(error).toHaveProperty('code', 'InvalidRequest')
        }
      }),
      RUNS,
    )
  })
})

describe('types', () => {
  test('what is stored is one media type, which the list allows', () => {
    const lists = fc.constantFrom(
      ['.jpg'],
      ['image/*'],
      ['image/jpeg'],
      ['.jpg', 'image/*'],
      ['text/*', 'application/*'],
    )
    fc.assert(
      fc.property(text, type, lists, (name, given, allowed) => {
        const upload = parsed({ name, type: given, size: '1' })
        if (upload === undefined || !isAllowedType(upload, allowed)) return
        const stored = storedType(upload, allowed)
        expect(stored).toMatch(/^[!#$%&'+.^_`|~0-9a-z-]+\/[!#$%&'+.^_`|~0-9a-z-]+$/)
        expect(mediaTypeEssence(stored)).toBe(stored)
        expect(stored).not.toMatch(/^text\/html$|[/+]xml$|\/unknown$|\*/)
        if (allowed[0] === '.jpg') expect(upload.name.toLowerCase().endsWith('.jpg')).toBe(true)
        if (allowed.length === 1 && allowed[0] === '.jpg') expect(stored).toBe('image/jpeg')
      }),
      RUNS,
    )
  })
})

describe('forms', () => {
  test('a signed form pins every field that it sends', () => {
    fc.assert(
      fc.property(
        text,
        type,
        fc.nat(),
        fc.constantFrom('v4' as const, 'v1' as const),
        (key, contentType, size, version) => {
          let form: ReturnType<typeof signPostForm>
          try {
            form = signPostForm({
              version,
              credentials: { accessKeyId: 'LTAI', accessKeySecret: 'secret' },
              region: 'ap-southeast-1',
              bucket: 'photos',
              now: new Date(0),
              expiresInSeconds: 600,
              target: { key, size, contentType },
              fields: PINNED_FIELDS,
            })
          } catch (error) {
            expect(error).toBeInstanceOf(SigningError)
            return
          }
          const { conditions } = JSON.parse(Buffer.from(form.policy, 'base64').toString())
          const pinned = new Map<unknown, unknown>(
            conditions.flatMap((c: unknown) =>
              Array.isArray(c) && c[0] === 'eq' ? [[c[1], c[2]]] : [],
            ),
          )
          for (const [name, value] of form.fields) {
            if (/^(policy|OSSAccessKeyId|(x-oss-)?signature)$/.test(name)) continue
            expect([name, pinned.get(`$${name.toLowerCase()}`)]).toEqual([name, value])
          }
          expect(conditions).toContainEqual(['content-length-range', size, size])
        },
      ),
      RUNS,
    )
  })
})

describe('tokens', () => {
  const secret = Buffer.from('secret')
  const upload = { key: 'upload/a', size: 5, contentType: 'a/b', partSize: 102_400, expires: 1000 }

  test('an upload token holds only as it was created', () => {
    const token = createUploadToken(secret, 'photos', upload)
    fc.assert(
      fc.property(fc.nat({ max: token.length }), text, fc.nat({ max: 3 }), (at, insert, cut) => {
        const changed = token.slice(0, at) + insert + token.slice(at + cut)
        if (changed === token) return
        expect(() => verifyUploadToken(changed, secret, 'photos', 0)).toThrow()
      }),
      RUNS,
    )
  })

  test('a callback token holds only for its bucket, key and time', () => {
    fc.assert(
      fc.property(text, text, fc.nat(), fc.nat(), (key, other, expires, now) => {
        const token = createCallbackToken(secret, 'photos', key, expires)
        const verify = (bucket: string, of: string) =>
          verifyCallbackToken(token, secret, bucket, of, now)
        expect(verify('photos', key)).toBe(expires > now ? expires : undefined)
        if (other !== key) expect(verify('photos', other)).toBeUndefined()
        expect(verify('films', key)).toBeUndefined()
        expect(verifyCallbackToken(other, secret, 'photos', key, now)).toBeUndefined()
      }),
      RUNS,
    )
  })
})

describe('hosts and addresses', () => {
  const host = fc.oneof(
    text,
    fc
      .tuple(
        fc.constantFrom('http://', 'https://', 'https:/', '//'),
        text,
        fc.constantFrom('gosspublic.alicdn.com', 'evil.example'),
        text,
      )
      .map((parts) => parts.join('')),
  )

  test('a public key is only ever fetched from OSS', () => {
    fc.assert(
      fc.property(host, (address) => {
        const url = publicKeyUrl(Buffer.from(address).toString('base64'))
        if (url === undefined) return
        expect([url.protocol, url.host, url.username]).toEqual([
          'https:',
          'gosspublic.alicdn.com',
          '',
        ])
      }),
      RUNS,
    )
  })

  test('a callback address is one URL without credentials', () => {
    fc.assert(
      fc.property(host, (address) => {
        if (!isCallbackUrl(address)) return
        const url = new URL(address)
        expect(url.protocol).toMatch(/^https?:$/)
        expect([url.username, url.password, address.includes(';')]).toEqual(['', '', false])
      }),
      RUNS,
    )
  })

  test('every forwarded address counts as a network or as unknown', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.ipV4(),
          fc.ipV6(),
          fc.ipV6().map((ip) => `[${ip}]:1`),
        ),
        (address) => {
          expect(clientSubnet(address)).toMatch(/^(unknown|\d+\.\d+\.\d+\.\d+|[0-9a-f:]+\/56)$/)
        },
      ),
      RUNS,
    )
  })
})
