import { expect, test } from 'vitest'
import { listServers } from '../../../app/client/build/list-servers.ts'
import { findServerUrl } from '../../../app/client/page/server-url.ts'
import { UsageError } from '../../../app/process/usage-error.ts'

const own = 'https://page.example/'
const LISTED = ['https://a.example/api', 'http://b.example:8080']
const search = (serverUrl: string): string => `?${new URLSearchParams({ serverUrl })}`

test('without serverUrl, the first listed server is used, else the page’s own', () => {
  expect(findServerUrl({ href: own }, [])).toBe(own)
  expect(findServerUrl({ href: `${own}?lang=zh` }, LISTED)).toBe('https://a.example/api')
})

test.each([
  ['https://page.example', own],
  ['https://page.example/', own],
  ['https://a.example/api', 'https://a.example/api'],
  ['https://A.example:443/api/?x=1#y', 'https://a.example/api'],
  ['http://b.example:8080/', 'http://b.example:8080'],
  ['https://user:password@a.example/api', 'https://a.example/api'],
])('accepts %s', (serverUrl, url) => {
  expect(findServerUrl({ href: own + search(serverUrl) }, LISTED)).toBe(url)
})

test.each([
  ['https://page.example/files/', 'https://page.example/files/'],
  ['https://page.example/files/index.html?lang=zh#code=x', 'https://page.example/files/'],
])('the page at %s finds its server beside itself', (href, url) => {
  expect(findServerUrl({ href }, [])).toBe(url)
  expect(findServerUrl({ href: `${url}${search('https://page.example')}` }, [])).toBe(undefined)
})

test.each([
  'https://evil.example',
  'https://a.example',
  'https://a.example/api/more',
  'https://a.example/api/..',
  'http://a.example/api',
  'http://b.example',
  'https://a.example.evil.example/api',
  'https://a.example@evil.example/api',
  'https://page.example.evil.example',
  'http://page.example',
  '//evil.example',
  'javascript:alert(1)',
  'not a URL',
  '',
])('does not accept "%s"', (serverUrl) => {
  expect(findServerUrl({ href: own + search(serverUrl) }, LISTED)).toBe(undefined)
  expect(findServerUrl({ href: own + search(serverUrl) }, ['not a URL'])).toBe(undefined)
})

test.each(['upload.example', 'ftp://a.example', 'https://', 'https://a.example b'])(
  'a build with the server "%s" is refused',
  (server) => {
    expect(() => listServers([server])).toThrow(
      new UsageError(`--server must be a URL like https://upload.example, not "${server}"`),
    )
  },
)
