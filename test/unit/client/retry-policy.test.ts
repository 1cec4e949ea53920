import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { retryRequest } from '../../../app/client/uploader/retry-policy.ts'
import {
  bucketError,
  type ErrorDetails,
  noResponse,
  serverError,
  UploadError,
} from '../../../app/client/uploader/upload-error.ts'

const busy = serverError(503, {})
const silent = noResponse('bucket')
const rejected = (code: string, message = ''): ErrorDetails =>
  bucketError(403, `<Code>${code}</Code><Message>${message}</Message>`)
let isOnline = true
let delays: (number | 'offline')[] = []
let staleSignatures = 0

beforeEach(() => {
  vi.useFakeTimers()
  isOnline = true
  delays = []
  staleSignatures = 0
})

afterEach(() => {
  vi.useRealTimers()
})

/** Runs a request that fails with these errors in turn; returns its outcome and number of attempts. */
async function run(
  errors: (ErrorDetails | undefined)[],
  explainSilence = async (): Promise<void> => {},
): Promise<[unknown, number]> {
  let attempts = 0
  const outcome = retryRequest(
    async () => {
      const details = errors[attempts]
      attempts += 1
      if (details) throw new UploadError(details)
      return 'done'
    },
    {
      connection: {
        isOnline: () => isOnline,
        untilOnline: async () => {
          isOnline = true
        },
        isReachable: async () => false,
      },
      signal: new AbortController().signal,
      onDelay: (reason) => void delays.push(reason === 'offline' ? reason : reason.delaySeconds),
      onStaleSignature: () => {
        staleSignatures += 1
      },
      explainSilence,
    },
  ).catch((error: unknown) => error)
  await vi.runAllTimersAsync()
  return [await outcome, attempts]
}

test.each([
  ['a busy server', busy, 0],
  ['a silent server', noResponse('server'), 0],
  // Perhaps it has rejected the signature, and the response was lost.
  ['a silent bucket', silent, 5],
  ['a server that limits requests', serverError(429, { code: 'TooManyRequests' }), 0],
])('%s is tried six times within 23 seconds', async (_, details, newSignatures) => {
  expect(await run(Array.from({ length: 9 }, () => details))).toEqual([new UploadError(details), 6])
  expect(delays).toEqual([1, 2, 4, 8, 8])
  expect(staleSignatures).toBe(newSignatures)
})

test('failures of different kinds are counted for themselves', async () => {
  const errors = [busy, silent, busy, silent, busy, silent, busy, undefined]
  expect(await run(errors)).toEqual(['done', 8])
  expect(delays).toEqual([1, 1, 2, 2, 4, 4, 8])
})

test('Retry-After is honoured', async () => {
  const limited = serverError(429, { code: 'TooManyRequests' }, '30')
  expect(await run([limited, undefined])).toEqual(['done', 2])
  expect(delays).toEqual([30])
})

test.each([
  ['TypeNotAllowed', serverError(415, { code: 'TypeNotAllowed' })],
  ['SignatureDoesNotMatch', rejected('SignatureDoesNotMatch')],
])('%s is not retried', async (_, details) => {
  expect(await run([details])).toEqual([new UploadError(details), 1])
})

test.each([
  ['an expired URL', rejected('AccessDenied', 'Request has expired.'), 6],
  ['an unknown access key', rejected('InvalidAccessKeyId'), 6],
  ['expired temporary credentials', rejected('SecurityTokenExpired'), 6],
  ['an expired policy', rejected('AccessDenied', 'Policy expired.'), 2],
  ['a clock that is wrong', rejected('RequestTimeTooSkewed'), 2],
])('%s is signed again at once, %#', async (_, details, attempts) => {
  expect(await run([details, undefined])).toEqual(['done', 2])
  expect([staleSignatures, delays]).toEqual([1, []])
  expect(await run(Array.from({ length: 9 }, () => details))).toEqual([
    new UploadError(details),
    attempts,
  ])
  expect(delays).toEqual([2, 4, 8, 8].slice(0, attempts - 2))
})

test('failures while the browser is offline do not count', async () => {
  isOnline = false
  expect(await run([silent, undefined])).toEqual(['done', 2])
  expect(delays).toEqual(['offline'])
})

test('the third attempt without a response is explained, if that is possible', async () => {
  const explain = async (): Promise<void> => {
    throw new Error('no CORS rules')
  }
  const errors = [silent, silent, silent, undefined]
  expect(await run(errors, explain)).toEqual([new Error('no CORS rules'), 3])
  expect(await run(errors)).toEqual(['done', 4])
})
