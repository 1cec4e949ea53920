import { describe, expect, test } from 'vitest'
import { apiHost, findDestination } from '../../control-plane/gateway/host-names.ts'
import { startSimulatedCloud } from '../../control-plane/simulated-cloud.ts'
import { callApi, TestClock } from './api-client.ts'

describe('host names', () => {
  test.each([
    ['ram.aliyuncs.com', { kind: 'api', product: 'ram' }],
    ['location-readonly.aliyuncs.com', { kind: 'api', product: 'location' }],
    ['STS.EU-central-1.aliyuncs.com', { kind: 'api', product: 'sts', region: 'eu-central-1' }],
    ['ecs-cn-hangzhou.aliyuncs.com', { kind: 'api', product: 'ecs', region: 'cn-hangzhou' }],
    ['vpc.us-west-1.aliyuncs.com', { kind: 'api', product: 'vpc', region: 'us-west-1' }],
    ['oss-cn-hangzhou.aliyuncs.com', { kind: 'oss', region: 'cn-hangzhou', internal: false }],
    [
      'photos.oss-cn-hangzhou-internal.aliyuncs.com',
      { kind: 'oss', region: 'cn-hangzhou', internal: true },
    ],
    ['203.0.113.9', { kind: 'address', address: '203.0.113.9' }],
    [
      'alb-0123456789abcdefgh.us-west-1.alb.aliyuncsslbintl.com',
      { kind: 'balancer', name: 'alb-0123456789abcdefgh.us-west-1.alb.aliyuncsslbintl.com' },
    ],
    ['alb-0123456789abcdefgh.mars-1.alb.aliyuncsslbintl.com', undefined],
    ['alb-01.us-west-1.alb.aliyuncsslbintl.com', undefined],
    ['ess.aliyuncs.com', { kind: 'api', product: 'ess', region: 'cn-hangzhou' }],
    ['vpc.mars-1.aliyuncs.com', undefined],
    ['photos.oss-mars-1.aliyuncs.com', undefined],
    ['a.b.oss-cn-hangzhou.aliyuncs.com', undefined],
    ['registry.example', undefined],
    ['evil-ram.aliyuncs.com', undefined],
  ])('%s', (name, destination) => {
    expect(findDestination(name)).toEqual(destination)
  })

  test('each product is found under the name that the location service gives', () => {
    const products = ['ecs', 'vpc', 'ess', 'alb', 'sts', 'ram', 'location', 'bssopenapi'] as const
    for (const product of products) {
      for (const region of ['cn-hangzhou', 'eu-central-1']) {
        expect(findDestination(apiHost(product, region))).toMatchObject({ product })
      }
    }
  })
})

test('the location service names the hosts', async () => {
  const clock = new TestClock()
  const cloud = await startSimulatedCloud({ now: clock.now })
  const location = { host: 'location.aliyuncs.com', version: '2015-06-12' }
  const find = async (Id: string, ServiceCode: string) => {
    const { body } = await callApi(cloud, clock, 'DescribeEndpoints', {
      ...location,
      put: 'query',
      parameters: { Id, ServiceCode },
    })
    return body.Code ?? (body.Endpoints as { Endpoint: { Endpoint: string }[] }).Endpoint
  }
  expect(await find('eu-central-1', 'vpc')).toEqual([
    {
      Endpoint: 'vpc.eu-central-1.aliyuncs.com',
      Id: 'eu-central-1',
      Namespace: '',
      SerivceCode: 'vpc',
      Type: 'openAPI',
      Protocols: { Protocols: ['HTTP', 'HTTPS'] },
    },
  ])
  expect(await find('cn-hangzhou', 'ecs')).toMatchObject([
    { Endpoint: 'ecs-cn-hangzhou.aliyuncs.com' },
  ])
  expect(await find('eu-central-1', 'oss')).toMatchObject([
    { Endpoint: 'oss-eu-central-1.aliyuncs.com' },
  ])
  expect(await find('eu-central-1', 'kms')).toEqual([])
  expect(await find('mars-1', 'ecs')).toBe('InvalidRegionId')
  await cloud.close()
})
