import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type SimulatedCloud, startSimulatedCloud } from '../../control-plane/simulated-cloud.ts'
import { type ApiCall, callApi, outcomeOf, sendThroughProxy, TestClock } from './api-client.ts'

const clock = new TestClock()
let cloud: SimulatedCloud

beforeAll(async () => {
  cloud = await startSimulatedCloud({ now: clock.now })
})

afterAll(async () => {
  expect(cloud.failures).toEqual([])
  await cloud.close()
})

const call = (action: string, ask?: ApiCall) => callApi(cloud, clock, action, ask)
const outcome = async (action: string, ask?: ApiCall) => outcomeOf(await call(action, ask))

describe('where the parameters are', () => {
  const parameters = { UserName: 'nobody' }

  test('a form, the URL, or GET: all the same', async () => {
    const expected = '404 EntityNotExist.User'
    expect(await outcome('GetUser', { parameters })).toBe(expected)
    expect(await outcome('GetUser', { parameters, put: 'query' })).toBe(expected)
    expect(await outcome('GetUser', { parameters, method: 'GET' })).toBe(expected)
  })

  test('some clients send their region and an empty SignatureType with everything', async () => {
    const sent = { ...parameters, RegionId: 'ap-southeast-1' }
    expect(await outcome('GetUser', { parameters: sent, signed: { SignatureType: '' } })).toBe(
      '404 EntityNotExist.User',
    )
  })

  test('no parameter comes twice', async () => {
    const { status, text } = await sendThroughProxy(
      cloud,
      'https://ram.aliyuncs.com/?Action=GetUser&Action=GetUser',
    )
    expect(status).toBe(400)
    expect(JSON.parse(text)).toEqual({
      RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
      HostId: 'ram.aliyuncs.com',
      Code: 'DuplicatedParameter',
      Message: 'The parameter Action was sent twice.',
    })
    const inBoth = await sendThroughProxy(cloud, 'https://ram.aliyuncs.com/?Version=1', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: 'Version=1',
    })
    expect(inBoth.status).toBe(400)
    expect(inBoth.text).toContain('The parameter Version was sent twice.')
  })

  test('only GET and POST, only forms, at most a megabyte', async () => {
    const send = async (method: string, type: string, body: string) => {
      const headers = { 'Content-Type': type }
      const url = 'https://ram.aliyuncs.com/'
      const { status, text } = await sendThroughProxy(cloud, url, { method, headers, body })
      return `${status} ${(JSON.parse(text) as { Code: string }).Code}`
    }
    expect(await send('PUT', 'text/plain', '')).toBe('405 UnsupportedHTTPMethod')
    expect(await send('POST', 'application/json', '{}')).toBe('415 UnsupportedContentType')
    const form = 'application/x-www-form-urlencoded; charset=utf-8'
    expect(await send('POST', form, 'A=1')).toBe('400 MissingAccessKeyId')
    expect(await send('POST', form, `A=${'x'.repeat(1024 * 1024)}`)).toBe(
      '413 RequestEntityTooLarge',
    )
  })
})

describe('signatures', () => {
  test.each([
    ['AccessKeyId', undefined, '400 MissingAccessKeyId'],
    ['AccessKeyId', 'LTAInobody', '404 InvalidAccessKeyId.NotFound'],
    ['SignatureNonce', undefined, '400 MissingSignatureNonce'],
    ['SignatureMethod', 'HMAC-SHA256', '400 InvalidSignatureMethod'],
    ['SignatureVersion', '2.0', '400 InvalidSignatureVersion'],
    ['SignatureType', 'BEARERTOKEN', '400 InvalidSignatureType'],
    ['Format', 'XML', '400 InvalidFormat'],
    ['Format', undefined, '400 MissingFormat'],
    ['Timestamp', undefined, '400 MissingTimestamp'],
    ['Timestamp', '2026-11-24 12:00:00', '400 InvalidTimeStamp.Format'],
    ['Timestamp', '2026-11-24T11:44:59Z', '400 InvalidTimeStamp.Expired'],
    ['Timestamp', '2026-11-24T12:15:01Z', '400 InvalidTimeStamp.Expired'],
    ['Timestamp', '2026-11-24T11:45:00Z', '200'],
    ['Timestamp', '2026-11-24T12:15:00Z', '200'],
    ['SecurityToken', 'token', '400 InvalidSecurityToken.MismatchWithAccessKey'],
  ])('%s %s: %s', async (name, value, expected) => {
    expect(await outcome('ListUsers', { signed: { [name]: value } })).toBe(expected)
  })

  test('one that does not fit is answered with the text to sign', async () => {
    const { status, body } = await call('ListUsers', { spoil: true })
    expect(status).toBe(400)
    expect(body.Code).toBe('SignatureDoesNotMatch')
    expect(body.Message).toMatch(
      /^Specified signature is not matched with our calculation\. server string to sign is:POST&%2F&AccessKeyId%3DLTAI5t/,
    )
  })

  test('one is good for one call', async () => {
    const signed = { SignatureNonce: 'once' }
    expect(await outcome('ListUsers', { signed })).toBe('200')
    expect(await outcome('ListUsers', { signed })).toBe('400 SignatureNonceUsed')
  })

  test('a call that was refused for its signature uses no nonce up', async () => {
    const signed = { SignatureNonce: 'kept' }
    expect(await outcome('ListUsers', { signed, spoil: true })).toBe('400 SignatureDoesNotMatch')
    expect(await outcome('ListUsers', { signed })).toBe('200')
  })
})

describe('actions and their parameters', () => {
  test('what there is not is refused, never as a missing thing', async () => {
    const { status, body } = await call('InventUser')
    expect([status, body.Code, body.Message]).toEqual([
      400,
      'InvalidAction.Unsupported',
      'The simulated cloud has no action "InventUser" of ram 2015-05-01.',
    ])
    expect(await outcome('toString')).toBe('400 InvalidAction.Unsupported')
    expect(await outcome('ListUsers', { version: '2014-05-26' })).toBe('400 InvalidVersion')
    expect(await outcome('ListUsers', { host: 'sts.ap-southeast-1.aliyuncs.com' })).toBe(
      '400 InvalidVersion',
    )
  })

  test('a parameter that the action does not have is refused', async () => {
    const { body } = await call('ListUsers', { parameters: { UserName: 'x' } })
    expect([body.Code, body.Message]).toEqual([
      'InvalidParameter.Unknown',
      'The action ListUsers has no parameter UserName.',
    ])
  })

  test('one that it needs must be there and not be empty', async () => {
    const message =
      'The input parameter "UserName" that is mandatory for processing this request is not supplied.'
    for (const parameters of [{}, { UserName: '' }]) {
      const { status, body } = await call('GetUser', { parameters })
      expect([status, body.Code, body.Message]).toEqual([400, 'MissingParameter', message])
    }
  })

  test('numbered parameters are numbered from one', async () => {
    const ask = { ResourceType: 'role', 'ResourceName.1': 'none' }
    expect(await outcome('ListTagResources', { parameters: ask })).toBe('404 EntityNotExist.Role')
    for (const name of ['ResourceName.0', 'ResourceName.01', 'ResourceName.x', 'ResourceName.']) {
      expect(await outcome('ListTagResources', { parameters: { ...ask, [name]: 'a' } })).toBe(
        '400 InvalidParameter.Unknown',
      )
    }
  })
})

describe('regions', () => {
  const version = '2014-05-26'

  test('RegionId counts where it is sent, else the region of the host', async () => {
    const regional = { host: 'ecs.ap-southeast-1.aliyuncs.com', version }
    expect(await outcome('DescribeInstanceTypes', regional)).toBe('200')
    const central = { host: 'ecs.aliyuncs.com', version }
    expect(await outcome('DescribeInstanceTypes', central)).toBe('200')
    const parameters = { RegionId: 'cn-hangzhou' }
    const zones = { ...parameters, DestinationResource: 'Zone' }
    const { body } = await call('DescribeAvailableResource', { ...central, parameters: zones })
    expect(JSON.stringify(body)).toContain('"cn-hangzhou-h"')
    const nowhere = { ...central, parameters: { RegionId: 'nowhere-1' } }
    expect(await outcome('DescribeInstanceTypes', nowhere)).toBe('404 InvalidRegionId.NotFound')
  })

  test('each region has machines and networks of its own', async () => {
    const host = (region: string) => `vpc.${region}.aliyuncs.com`
    const made = await call('CreateVpc', {
      host: host('eu-central-1'),
      version: '2016-04-28',
      parameters: { RegionId: 'eu-central-1', ClientToken: 'token-1', CidrBlock: '10.0.0.0/8' },
    })
    expect(made.status).toBe(200)
    const find = (region: string) =>
      outcome('DescribeVpcAttribute', {
        host: host(region),
        version: '2016-04-28',
        parameters: { VpcId: String(made.body.VpcId), RegionId: region },
      })
    expect(await find('eu-central-1')).toBe('200')
    expect(await find('ap-southeast-1')).toBe('404 InvalidVpcId.NotFound')
    expect(await cloud.leftovers()).toEqual([`vpc ${String(made.body.VpcId)}`])
  })
})

test('the same ClientToken does the same thing once', async () => {
  const create = (CidrBlock: string) =>
    call('CreateVpc', {
      host: 'vpc.us-west-1.aliyuncs.com',
      version: '2016-04-28',
      parameters: { RegionId: 'us-west-1', ClientToken: 'token-2', CidrBlock },
    })
  const [one, two] = await Promise.all([create('10.0.0.0/8'), create('10.0.0.0/8')])
  expect(one.status).toBe(200)
  expect(two.body.VpcId).toBe(one.body.VpcId)
  expect(two.body.RequestId).not.toBe(one.body.RequestId)
  expect(outcomeOf(await create('172.16.0.0/12'))).toBe('400 IdempotentParameterMismatch')
})
