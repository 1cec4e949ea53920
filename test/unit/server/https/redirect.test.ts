import { expect, test } from 'vitest'
import { httpsOrigin, redirectTarget } from '../../../../app/server/https/serving/redirect.ts'

const ORIGIN = 'https://photos.example.com'

test.each([
  ['/', `${ORIGIN}/`],
  ['/index.html?lang=zh#x', `${ORIGIN}/index.html?lang=zh#x`],
  ['/assets/main.js', `${ORIGIN}/assets/main.js`],
  ['/signatures', `${ORIGIN}/signatures`],
  ['/healthz/more', `${ORIGIN}/healthz/more`],
  // Never to another host.
  ['//evil.example/x', `${ORIGIN}//evil.example/x`],
  ['http://evil.example/x', `${ORIGIN}/`],
  ['/a b', `${ORIGIN}/`],
  ['/\u00e9', `${ORIGIN}/`],
  ['*', `${ORIGIN}/`],
  ['/healthz', undefined],
  ['/healthz?x', undefined],
  ['/metrics', undefined],
  ['/callback', undefined],
  ['/callback/', undefined],
  ['/config.json', undefined],
  ['/signature?name=a.jpg', undefined],
  ['/Signature', undefined],
  ['/multipart', undefined],
  ['/multipart/parts?upload=x', undefined],
])('%s', (url, target) => {
  expect(redirectTarget(url, ORIGIN)).toBe(target)
})

test('the origin has a port unless it is 443', () => {
  expect(httpsOrigin('47.1.2.3', 443)).toBe('https://47.1.2.3')
  expect(httpsOrigin('47.1.2.3', 8443)).toBe('https://47.1.2.3:8443')
})
