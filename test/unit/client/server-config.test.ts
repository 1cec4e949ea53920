import { expect, test } from 'vitest'
import { serverEndpoint } from '../../../app/client/uploader/server-config.ts'

test.each([
  ['http://a.example', 'http://a.example/signature'],
  ['http://a.example/', 'http://a.example/signature'],
  ['http://a.example/api', 'http://a.example/api/signature'],
  ['http://a.example/api/?x=1#y', 'http://a.example/api/signature'],
])('the endpoint below %s is %s', (serverUrl, url) => {
  expect(serverEndpoint(serverUrl, 'signature').href).toBe(url)
})
