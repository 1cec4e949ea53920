import { expect, test } from 'vitest'
import { pageAddress, pageOrigins } from '../../../infra/config/page-origins.ts'

const IP = '203.0.113.10'

test.each<[boolean, string | undefined, string, string[]]>([
  [false, undefined, `http://${IP}`, [`http://${IP}`]],
  [true, undefined, `https://${IP}`, [`https://${IP}`, `http://${IP}`]],
  [
    true,
    'photos.example',
    'https://photos.example',
    ['https://photos.example', `http://${IP}`, 'http://photos.example'],
  ],
])('with https %s and the domain %s the page is at %s', (https, domain, address, origins) => {
  expect(pageAddress({ https, domain }, IP)).toBe(address)
  expect(pageOrigins({ https, domain }, IP)).toEqual(origins)
})
