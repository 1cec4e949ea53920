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

test.each<[string | undefined, string[]]>([
  [undefined, ['http://photos.example']],
  ['1234567-ap-southeast-1', ['https://photos.example', 'http://photos.example']],
])(
  'behind a load balancer with the certificate %s the page is at its domain alone',
  (certificateId, origins) => {
    const config = {
      https: false,
      domain: 'photos.example',
      certificateId,
      instances: { min: 2, max: 4 },
    }
    expect(pageAddress(config, 'alb-x.example')).toBe(origins[0])
    expect(pageOrigins(config, 'alb-x.example')).toEqual(origins)
  },
)
