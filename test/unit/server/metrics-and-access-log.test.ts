import { Writable } from 'node:stream'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { SECRET, serveApp } from './app-server.ts'

test('metrics count signatures by result, and requests by few labels', async () => {
  const origin = await serveApp({ maxSize: 10 })
  await fetch(`${origin}/signature?name=a.png&size=1`)
  await fetch(`${origin}/signature?name=a&size=11`)
  await fetch(`${origin}/one`)
  await fetch(`${origin}/two`)
  const response = await fetch(`${origin}/metrics`)
  expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
  const text = await response.text()
  const lines = text.split('\n').filter((l) => /^(signatures_total|http_.*_count)/.test(l))
  expect(lines.sort()).toEqual([
    'http_request_duration_seconds_count{method="GET",route="/signature",status="200"} 1',
    'http_request_duration_seconds_count{method="GET",route="/signature",status="413"} 1',
    'http_request_duration_seconds_count{method="GET",route="page",status="404"} 2',
    'signatures_total{result="FileTooLarge"} 1',
    'signatures_total{result="ok"} 1',
  ])
})

test('metrics are answered to this machine only, unless open', async () => {
  const forwarded = { headers: { 'x-forwarded-for': '127.0.0.1' } }
  const status = async (origin: string, init = {}) =>
    (await fetch(`${origin}/metrics`, init)).status
  const origin = await serveApp()
  expect([await status(origin), await status(origin, forwarded)]).toEqual([200, 404])
  expect(await status(origin, { method: 'POST' })).toBe(405)
  expect(await status(await serveApp({}, { metrics: 'open' }), forwarded)).toBe(200)
  expect(await status(await serveApp({}, { metrics: 'off' }))).toBe(404)
})

test('the access log has one line a request, with its id and without secrets', async () => {
  const chunks: string[] = []
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(String(chunk))
      done()
    },
  })
  const accessCode = 'open sesame'
  const log = pino({ level: 'trace' }, stream)
  const origin = await serveApp({ accessCode }, { log })
  const headers = { 'x-access-code': accessCode, authorization: 'Bearer hidden' }
  const response = await fetch(`${origin}/signature?name=private.txt&size=1`, { headers })
  const { signature } = (await response.json()) as { signature: string }
  await fetch(`${origin}/healthz`)
  await fetch(`${origin}/signature?name=a.png&size=1`)
  const lines = chunks.join('').trim().split('\n')
  const entries = lines.map((line) => JSON.parse(line))
  expect(entries.map(({ req, res, requestId }) => [req, res, typeof requestId])).toEqual([
    [{ method: 'GET', path: '/signature' }, { status: 200 }, 'string'],
    [{ method: 'GET', path: '/signature' }, { status: 401 }, 'string'],
  ])
  expect(entries[0].requestId).toBe(response.headers.get('x-request-id'))
  for (const secret of [SECRET, accessCode, 'hidden', 'private.txt', signature]) {
    expect(chunks.join('')).not.toContain(secret)
  }
})
