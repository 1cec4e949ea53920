import { expect, test } from 'vitest'
import { refusal, serveApp } from './app-server.ts'

test('answers the limits without an access code', async () => {
  const origin = await serveApp({
    accessCode: 'open-sesame',
    maxSize: 10,
    allowedTypes: ['.png', 'image/*'],
    uploadHost: 'https://files.example/',
  })
  const response = await fetch(`${origin}/config.json`)
  expect(await response.json()).toEqual({
    maxSize: 10,
    allowedTypes: ['.png', 'image/*'],
    accessCodeRequired: true,
    uploadHost: 'https://files.example',
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('cache-control')).toBe('no-store')
})

test('answers the defaults', async () => {
  expect(await (await fetch(`${await serveApp()}/config.json`)).json()).toEqual({
    maxSize: 5 * 1024 ** 3,
    allowedTypes: [],
    accessCodeRequired: false,
    uploadHost: 'https://photos.oss-ap-southeast-1.aliyuncs.com',
  })
})

test('refuses other methods', async () => {
  const url = `${await serveApp()}/config.json`
  const head = await fetch(url, { method: 'HEAD' })
  expect([head.status, await head.text()]).toEqual([200, ''])
  const options = await fetch(url, { method: 'OPTIONS' })
  expect([options.status, options.headers.get('allow')]).toEqual([204, 'GET, HEAD, OPTIONS'])
  const put = await fetch(url, { method: 'PUT' })
  expect(put.headers.get('allow')).toBe('GET, HEAD, OPTIONS')
  expect(await refusal(put)).toEqual([405, 'MethodNotAllowed: This method is not allowed here'])
})

test('answers pages of allowed origins, including preflights', async () => {
  const url = `${await serveApp({}, { corsOrigins: ['https://page.example'] })}/config.json`
  const ask = (origin: string, method: string) =>
    fetch(url, { method, headers: { origin, 'access-control-request-method': 'GET' } })
  const cors = (response: Response) => [
    response.status,
    response.headers.get('access-control-allow-origin'),
    response.headers.get('access-control-allow-methods'),
    response.headers.get('vary'),
  ]
  expect(cors(await ask('https://page.example', 'GET'))).toEqual([
    200,
    'https://page.example',
    null,
    'Origin',
  ])
  expect(cors(await ask('https://page.example', 'OPTIONS'))).toEqual([
    204,
    'https://page.example',
    'GET, HEAD, POST',
    'Origin',
  ])
  expect(cors(await ask('https://other.example', 'OPTIONS'))).toEqual([204, null, null, 'Origin'])
})

test('does not count against the rate limit of signatures', async () => {
  const origin = await serveApp({}, { signaturesPerMinute: 1 })
  for (let i = 0; i < 3; i++) expect((await fetch(`${origin}/config.json`)).status).toBe(200)
  expect((await fetch(`${origin}/signature?name=a.png&size=1`)).status).toBe(200)
  expect((await fetch(`${origin}/signature?name=a.png&size=1`)).status).toBe(429)
})
