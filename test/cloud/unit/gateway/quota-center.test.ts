import { expect, test } from 'vitest'
import { callApi, clock, cloud, outcomeOf, useCloud } from './api-client.ts'

useCloud()

const REGION = 'ap-southeast-1'
const QUOTAS = { host: 'quotas.aliyuncs.com', version: '2020-05-10' }
const dimension = { 'Dimensions.1.Key': 'regionId', 'Dimensions.1.Value': REGION }

const list = (ProductCode: string, parameters: Record<string, string> = dimension) =>
  callApi(cloud, clock, 'ListProductQuotas', {
    ...QUOTAS,
    parameters: { ProductCode, ...parameters },
  })

test.each([
  ['vpc', 'vpc_quota_instances_num', 10],
  ['eip', 'eip_quota_instances_num', 20],
])('quotas of %s are listed with their use', async (product, code, total) => {
  const { body } = await list(product)
  const quota = { QuotaActionCode: code, TotalQuota: total, Dimensions: { regionId: REGION } }
  expect(body.Quotas).toEqual([{ ...quota, TotalUsage: 0 }])
  await callApi(cloud, clock, 'CreateVpc', {
    host: `vpc.${REGION}.aliyuncs.com`,
    version: '2016-04-28',
    parameters: { RegionId: REGION, CidrBlock: '192.168.0.0/16' },
  })
  const used = product === 'vpc' ? 1 : 0
  expect((await list(product)).body.Quotas).toEqual([{ ...quota, TotalUsage: used }])
})

test('other products and dimensions are refused', async () => {
  expect(outcomeOf(await list('oss'))).toBe('404 PRODUCT.NOT.FOUND')
  expect(outcomeOf(await list('vpc', {}))).toBe('400 PARAMETER.ILLEGAL')
})

test('ECS describes the account, all of it or what is asked for', async () => {
  const describe = async (parameters: Record<string, string>) => {
    const { body } = await callApi(cloud, clock, 'DescribeAccountAttributes', {
      host: `ecs.${REGION}.aliyuncs.com`,
      version: '2014-05-26',
      parameters: { RegionId: REGION, ...parameters },
    })
    return body.AccountAttributeItems
  }
  const item = (AttributeName: string, Value: string) => ({
    AttributeName,
    AttributeValues: { ValueItem: [{ Value }] },
  })
  const used = item('used-postpaid-instance-vcpu-count', '0')
  expect(await describe({ 'AttributeName.1': used.AttributeName })).toEqual({
    AccountAttributeItem: [used],
  })
  expect(await describe({})).toEqual({
    AccountAttributeItem: [
      item('max-postpaid-instance-vcpu-count', '100'),
      used,
      item('real-name-authentication', 'yes'),
    ],
  })
})
