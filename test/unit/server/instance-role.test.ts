import type { RequestListener } from 'node:http'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import {
  InstanceRoleCredentials,
  type InstanceRoleOptions,
  MetadataError,
} from '../../../app/server/credentials/instance-role.ts'
import { RequestError } from '../../../app/server/http/errors.ts'
import { InstanceMetadata, temporary } from './instance-metadata.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const TOKEN = 'PUT /latest/api/token'
const ROLES = 'GET /latest/meta-data/ram/security-credentials/'

let metadata: InstanceMetadata
let origin: string
let clock: number
let reports: unknown[]

beforeEach(async () => {
  metadata = new InstanceMetadata()
  origin = await metadata.start()
  clock = Date.parse('2026-01-01T00:00:00Z')
  reports = []
})
afterEach(() => metadata.stop())

function answers(answer: RequestListener): RequestListener {
  return answer
}

function source(options: InstanceRoleOptions = {}): InstanceRoleCredentials {
  return new InstanceRoleCredentials({ metadata: origin, now: () => new Date(clock), ...options })
}

async function idOf(credentials: InstanceRoleCredentials): Promise<string> {
  return (await credentials.get()).accessKeyId
}

/** Asks in the meantime, as a busy server does, until `done`. */
async function until(done: () => Promise<boolean>): Promise<void> {
  while (!(await done())) await new Promise((resolve) => setTimeout(resolve, 2))
}

async function unavailable(credentials: InstanceRoleCredentials): Promise<string> {
  const error = await credentials.get().catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(RequestError)
  const { code, status, message, cause } = error as RequestError
  expect([code, status, message]).toEqual([
    'CredentialsUnavailable',
    503,
    'The server has no credentials to sign with at the moment; try again in a minute',
  ])
  expect(cause).toBeInstanceOf(MetadataError)
  return (cause as MetadataError).message
}

test('returns the credentials of the attached role', async () => {
  expect(await source().get()).toEqual({
    accessKeyId: 'STS.1',
    accessKeySecret: 'secret-of-STS.1',
    securityToken: 'token-of-STS.1',
    expiration: new Date('2026-01-01T06:00:00Z'),
  })
  expect(metadata.requests).toEqual([TOKEN, ROLES, `${ROLES}uploader`])
})

test('does not look up a role that is configured', async () => {
  expect(await idOf(source({ role: 'uploader' }))).toBe('STS.1')
  expect(metadata.requests).toEqual([TOKEN, `${ROLES}uploader`])
})

test('fetches once for concurrent and later calls', async () => {
  const credentials = source()
  const all = await Promise.all(Array.from({ length: 200 }, () => idOf(credentials)))
  expect(new Set(all)).toEqual(new Set(['STS.1']))
  clock += HOUR - 1
  expect(await idOf(credentials)).toBe('STS.1')
  expect([metadata.requests.length, metadata.mostAtOnce]).toEqual([3, 1])
})

test('start fetches before the first call', async () => {
  source().start((error) => reports.push(error))
  await until(async () => metadata.requests.length === 3)
  expect(reports).toEqual([])
})

describe('new credentials', () => {
  test('are fetched in the background after an hour', async () => {
    const credentials = source()
    await credentials.get()
    metadata.credentials = temporary('STS.2', '2026-01-01T07:00:00Z')
    clock += HOUR
    expect(await idOf(credentials)).toBe('STS.1')
    await until(async () => (await idOf(credentials)) === 'STS.2')
    expect([metadata.requests.length, metadata.mostAtOnce]).toEqual([6, 1])
  })

  test('are fetched at half of the remaining lifetime if that is earlier', async () => {
    metadata.credentials = temporary('STS.1', '2026-01-01T00:20:00Z')
    const credentials = source()
    await credentials.get()
    metadata.credentials = temporary('STS.2', '2026-01-01T00:40:00Z')
    clock += 10 * MINUTE - 1
    await credentials.get()
    expect(metadata.requests.length).toBe(3)
    clock += 1
    await until(async () => (await idOf(credentials)) === 'STS.2')
    expect(metadata.requests.length).toBe(6)
  })

  test('are awaited in the last minute of the old ones', async () => {
    const credentials = source()
    await credentials.get()
    metadata.credentials = temporary('STS.2', '2026-01-01T12:00:00Z')
    clock += 6 * HOUR - MINUTE + 1
    expect(await idOf(credentials)).toBe('STS.2')
  })

  test('rotate under load, and expired ones are never returned', async () => {
    const credentials = source()
    const given = new Map<string, number>()
    for (let step = 0; step < 400; step += 1) {
      const hour = Math.floor((clock - Date.parse('2026-01-01T00:00:00Z')) / (4 * HOUR))
      const end = Date.parse('2026-01-01T06:00:00Z') + hour * 4 * HOUR
      metadata.credentials = temporary(`STS.${hour}`, new Date(end).toISOString())
      const got = await Promise.all(Array.from({ length: 5 }, () => credentials.get()))
      for (const { accessKeyId, expiration } of got) {
        expect(expiration?.getTime()).toBeGreaterThan(clock)
        given.set(accessKeyId, (given.get(accessKeyId) ?? 0) + 1)
      }
      clock += 3 * MINUTE
    }
    expect([...given.keys()]).toEqual(['STS.0', 'STS.1', 'STS.2', 'STS.3', 'STS.4'])
    expect(metadata.mostAtOnce).toBe(1)
  })
})

describe('when the service is down', () => {
  test('the old ones are used until they expire, and the failure is reported once', async () => {
    const credentials = source()
    credentials.start((error) => reports.push(error))
    await credentials.get()
    metadata.instead = (_request, response) => void response.writeHead(500).end()
    for (const hours of [1, 2, 3, 5.99]) {
      clock = Date.parse('2026-01-01T00:00:00Z') + hours * HOUR
      expect(await idOf(credentials)).toBe('STS.1')
      await until(async () => metadata.requests.length > 3)
    }
    expect(reports).toEqual([
      new MetadataError('The metadata service answered 500 to PUT /latest/api/token'),
    ])
    clock = Date.parse('2026-01-01T06:00:00Z')
    expect(await unavailable(credentials)).toBe(
      'The metadata service answered 500 to PUT /latest/api/token',
    )
    metadata.instead = undefined
    metadata.credentials = temporary('STS.2', '2026-01-01T12:00:00Z')
    clock += 1000
    expect(await idOf(credentials)).toBe('STS.2')
  })

  test('it is queried at most once a second', async () => {
    metadata.instead = (_request, response) => void response.writeHead(500).end()
    const credentials = source()
    for (let n = 0; n < 20; n += 1) await unavailable(credentials)
    expect(metadata.requests.length).toBe(1)
    clock += 1000
    await unavailable(credentials)
    expect(metadata.requests.length).toBe(2)
  })

  test.each<[string, object, InstanceRoleOptions, string]>([
    ['no role', { role: undefined }, {}, 'No role is attached to this instance'],
    [
      'another role than the one named',
      {},
      { role: 'reader' },
      'No role reader is attached to this instance',
    ],
    [
      'credentials that have ended',
      { credentials: temporary('STS.1', '2025-12-31T23:59:59Z') },
      {},
      "The credentials of the role uploader ended at 2025-12-31T23:59:59Z, by this machine's clock",
    ],
    [
      'a failure in the place of credentials',
      { credentials: { ...temporary('STS.1', '2026-01-01T06:00:00Z'), Code: 'Failed' } },
      {},
      'The metadata service has no credentials of the role uploader',
    ],
    [
      'something else',
      { instead: answers((_request, response) => response.end('<html>')) },
      { role: 'uploader' },
      'The metadata service has no credentials of the role uploader',
    ],
    [
      'a redirect, which would take the token elsewhere',
      {
        instead: answers((_request, response) =>
          response.writeHead(302, { Location: 'http://example.com/' }).end(),
        ),
      },
      {},
      'The metadata service does not answer at ORIGIN',
    ],
    [
      'a cut connection',
      { instead: answers((request) => request.socket.destroy()) },
      {},
      'The metadata service does not answer at ORIGIN',
    ],
    [
      'silence',
      { instead: answers(() => {}) },
      { timeoutMs: 50 },
      'The metadata service does not answer at ORIGIN',
    ],
  ])('%s is a clear refusal', async (_what, state, options, message) => {
    Object.assign(metadata, state)
    expect(await unavailable(source(options))).toBe(message.replace('ORIGIN', origin))
  })
})
