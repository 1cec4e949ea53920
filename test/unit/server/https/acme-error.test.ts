import { expect, test } from 'vitest'
import { problemError } from '../../../../app/server/https/acme/acme-error.ts'
import { errorOfResponse } from '../../../../app/server/https/acme/transport.ts'
import {
  clockMessage,
  failureMessage,
} from '../../../../app/server/https/renewal/failure-message.ts'

const type = (name: string): string => `urn:ietf:params:acme:error:${name}`

test.each([
  [
    { type: type('rateLimited'), detail: 'too many' },
    false,
    'rateLimited',
    'it allows no more for now (too many)',
  ],
  [
    { type: type('dns'), detail: 'no A record' },
    true,
    'notReached',
    'it could not check the answer (no A record)',
  ],
  [{ type: type('connection') }, true, 'notReached', 'it could not check the answer (connection)'],
  [{ type: type('unauthorized'), detail: '404' }, false, 'refused', 'it refuses (404)'],
  [{ type: type('malformed'), detail: 'a\r\nb\u0000c' }, false, 'refused', 'it refuses (a b c)'],
  [undefined, true, 'refused', 'it refuses (no reason is given)'],
  [{ type: 7, detail: {} }, false, 'refused', 'it refuses (no reason is given)'],
] as const)('%j', (body, isValidation, reason, message) => {
  const error = problemError(body, undefined, isValidation)
  expect([error.reason, error.message]).toEqual([reason, message])
})

test('cuts a long detail', () => {
  expect(problemError({ detail: 'x'.repeat(1000) }, undefined, false).message.length).toBe(313)
})

test.each([
  [429, '<html>', '30', 'rateLimited', 'it allows no more for now', 30_000],
  [
    429,
    '{"detail":"slow down"}',
    '30',
    'rateLimited',
    'it allows no more for now (slow down)',
    30_000,
  ],
  [
    503,
    '{"type":"urn:ietf:params:acme:error:rateLimited","detail":"busy"}',
    '9',
    'caUnreachable',
    'ca.example answers with status 503',
    9000,
  ],
  [502, '<html>', null, 'caUnreachable', 'ca.example answers with status 502', undefined],
  [404, '', null, 'caUnreachable', 'ca.example answers with status 404', undefined],
  [
    403,
    '{"type":"urn:ietf:params:acme:error:rejectedIdentifier","detail":"no"}',
    null,
    'refused',
    'it refuses (no)',
    undefined,
  ],
] as const)('status %s with %s', (status, text, header, reason, message, retryAfterMs) => {
  const headers = new Headers(header === null ? {} : { 'Retry-After': header })
  const error = errorOfResponse({ status, headers, text }, 'https://ca.example/new-order')
  expect([error.reason, error.message, error.retryAfterMs]).toEqual([reason, message, retryAfterMs])
})

test('the failure message says what failed and what to do', () => {
  expect(
    failureMessage('notReached', 'it could not check the answer (no A record)', 'a.example.com'),
  ).toBe(
    'No certificate for a.example.com from the certificate authority: it could not check the answer ' +
      '(no A record). Port 80 must lead to this server from everywhere: security group, and for a host name its A record.',
  )
})

test.each([
  [0, undefined],
  [119_000, undefined],
  [-119_000, undefined],
  [180_000, '3 minutes behind that'],
  [-180_000, '3 minutes ahead of that'],
  [3 * 86_400_000, '72 hours behind that'],
])('a clock that is %s ms behind', (aheadMs, words) => {
  expect(clockMessage(aheadMs)).toBe(
    words &&
      `The clock of this machine is ${words} of the certificate authority: ` +
        'set it, as OSS refuses what is signed with a clock that is 15 minutes off.',
  )
})
