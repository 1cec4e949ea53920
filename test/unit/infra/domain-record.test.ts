import { expect, test } from 'vitest'
import { checkRecord, type DomainRecordInput } from '../../../infra/readiness/domain-record.ts'
import { fakeTools } from './poll-tools.ts'
import { recordRegistrations } from './registrations.ts'

const input: DomainRecordInput = {
  page: 'https://photos.example',
  address: 'alb-x.ap-southeast-1.alb.aliyuncsslbintl.com',
  release: '0123456789ab',
}

test('a domain that leads to the release needs no warning', async () => {
  const tools = fakeTools(() => Response.json({ release: input.release }))
  expect(await checkRecord(input, tools)).toBe(input.page)
  expect(tools.requests).toEqual(['https://photos.example/healthz'])
  expect(tools.warnings).toEqual([])
})

test.each<[string, () => Response, string]>([
  ['a name that nobody knows', unknownName, 'getaddrinfo ENOTFOUND photos.example'],
  ['another site', () => new Response('<html>'), 'release unknown instead of 0123456789ab'],
  ['a proxy without the name', () => new Response('', { status: 502 }), 'status 502'],
])('%s: the record to set, ready to paste', async (_what, answer, reason) => {
  const tools = fakeTools(answer)
  expect(await checkRecord(input, tools)).toBe(input.page)
  expect(tools.warnings).toEqual([
    `https://photos.example does not show this release from here (${reason}). Unless the record is there and only new, set it:\n` +
      '  photos.example. CNAME alb-x.ap-southeast-1.alb.aliyuncsslbintl.com.',
  ])
})

test('a preview sends no request', async () => {
  await recordRegistrations({ preview: true })
  const tools = fakeTools(() => new Response(''))
  expect(await checkRecord(input, tools)).toBe(input.page)
  expect(tools.requests).toEqual([])
})

function unknownName(): never {
  throw new TypeError('fetch failed', { cause: new Error('getaddrinfo ENOTFOUND photos.example') })
}
