import { describe, expect, test } from 'vitest'
import { ConfigError, loadConfig } from '../../../app/server/config.ts'
import { type SigningOptions, signingRouter } from '../../../app/server/index.ts'
import { refusal, serveApp, signing } from './app-server.ts'
import { embeddedBucket, postForm } from './embedded-bucket.ts'

const DISABLED = [
  403,
  'GeneralFormDisabled: Only forms for one file are signed here: send name, type and size, or let the operator set GENERAL_FORM=on (option generalForm)',
]

describe('the form without a name', () => {
  const bucket = embeddedBucket()
  const serve = (change: Partial<SigningOptions>) =>
    serveApp({ uploadHost: bucket.address, maxSize: 10, ...change })
  const post = (fields: Record<string, string>, content = 'content') =>
    postForm(bucket.address, fields, new File([content], 'a.txt'))

  test('is not signed unless it is on', async () => {
    const origin = await serve({ allowedTypes: ['.jpg', 'image/jpeg'] })
    expect(await refusal(await fetch(`${origin}/signature`))).toEqual(DISABLED)
    expect(await refusal(await fetch(`${origin}/signature?type=image/jpeg`))).toEqual(DISABLED)
  })

  test('cannot reach what another form stored', async () => {
    const origin = await serve({ generalForm: true })
    const form = async (): Promise<{ dir: string; fields: Record<string, string> }> =>
      (await fetch(`${origin}/signature`)).json()
    const [mine, other] = [await form(), await form()]
    expect(mine.dir).not.toBe(other.dir)
    expect(await post({ ...other.fields, key: `${other.dir}a.txt` })).toBe(200)
    for (const key of [`${other.dir}a.txt`, 'upload/a.txt', `${mine.dir.slice(0, -1)}x`]) {
      expect([0, 403], key).toContain(await post({ ...mine.fields, key }))
    }
    expect(await post({ ...mine.fields, key: `${mine.dir}a.txt` })).toBe(200)
    expect(await post({ ...mine.fields, key: `${mine.dir}b.txt` }, 'eleven byte')).not.toBe(200)
  })
})

test.each<[Partial<SigningOptions>, string]>([
  [{ nameKey: () => 'upload/a' }, 'nameKey: the client chooses the name'],
  [
    { allowedTypes: ['image/png'] },
    'allowedTypes: a policy that the sample clients can meet cannot pin the type',
  ],
  [
    { callbackUrl: 'https://a.example/' },
    'callbackUrl: it has no key that a callback could be tied to',
  ],
  [{ filesPerHour: 9 }, 'filesPerHour: it stores any number of files'],
  [{ bytesPerHour: 9 }, 'bytesPerHour: it stores any number of bytes'],
])('is refused with an option that it gets around: %#', (change, reason) => {
  const options = { ...signing, ...change }
  expect(() => signingRouter(options)).not.toThrow()
  expect(() => signingRouter({ ...options, generalForm: true })).toThrow(
    new TypeError(`generalForm cannot be combined with ${reason}`),
  )
})

test('is refused with a variable that it gets around', () => {
  const environment = {
    OSS_ACCESS_KEY_ID: 'LTAI',
    OSS_ACCESS_KEY_SECRET: 'secret',
    OSS_BUCKET: 'photos',
    OSS_REGION: 'ap-southeast-1',
    GENERAL_FORM: 'on',
  }
  expect(loadConfig(environment).app.signing.generalForm).toBe(true)
  const others = {
    ALLOWED_TYPES: '.jpg',
    CALLBACK_URL: 'https://a.example/',
    FILES_PER_HOUR: '9',
    BYTES_PER_HOUR: '9',
  }
  expect(() => loadConfig({ ...environment, ...others })).toThrow(
    new ConfigError(
      Object.keys(others).map(
        (name) => `GENERAL_FORM must be off with ${name}, which the form of any file gets around`,
      ),
    ),
  )
})
