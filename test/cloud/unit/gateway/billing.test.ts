import { afterAll, beforeAll, expect, test } from 'vitest'
import { type SimulatedCloud, startSimulatedCloud } from '../../control-plane/simulated-cloud.ts'
import { callApi, outcomeOf, TestClock } from './api-client.ts'

const clock = new TestClock()
const HOST = {
  Domestic: 'business.aliyuncs.com',
  International: 'business.ap-southeast-1.aliyuncs.com',
}
const clouds = new Map<string, SimulatedCloud>()

beforeAll(async () => {
  for (const accountType of ['Domestic', 'International'] as const) {
    clouds.set(accountType, await startSimulatedCloud({ now: clock.now, accountType }))
  }
})

afterAll(async () => {
  for (const cloud of clouds.values()) {
    expect(cloud.failures).toEqual([])
    await cloud.close()
  }
})

function call(action: string, parameters: Record<string, string>, host = HOST.International) {
  const cloud = clouds.get('International') as SimulatedCloud
  return callApi(cloud, clock, action, { host, version: '2017-12-14', parameters })
}

test('each site knows its own accounts', async () => {
  for (const [accountType, cloud] of clouds) {
    for (const [site, host] of Object.entries(HOST)) {
      const answer = await callApi(cloud, clock, 'QueryAvailableInstances', {
        host,
        version: '2017-12-14',
        parameters: { PageSize: '50', PageNum: '1', ProductCode: 'cfw' },
      })
      expect([accountType, site, outcomeOf(answer)]).toEqual([
        accountType,
        site,
        accountType === site ? '200' : '400 NotApplicable',
      ])
    }
  }
})

const module = (number: number, type: string, region = 'ap-southeast-1') => ({
  [`ModuleList.${number}.ModuleCode`]: 'InstanceType',
  [`ModuleList.${number}.PriceType`]: 'Hour',
  [`ModuleList.${number}.Config`]: `InstanceType:${type},IoOptimized:IoOptimized,ImageOs:linux,Region:${region}`,
})
const asked = {
  ProductCode: 'ecs',
  ProductType: '',
  SubscriptionType: 'PayAsYouGo',
  Region: 'ap-southeast-1',
  OrderType: 'NewOrder',
}

test('prices come in the order in which they were asked for', async () => {
  const { body } = await call('GetPayAsYouGoPrice', {
    ...asked,
    ...module(1, 'ecs.t5-lc1m2.small'),
    ...module(2, 'ecs.t5-lc2m1.nano'),
  })
  const price = (OriginalCost: number) => ({
    ModuleCode: 'InstanceType',
    OriginalCost,
    CostAfterDiscount: OriginalCost,
    InvoiceDiscount: 0,
    UnitPrice: OriginalCost,
  })
  expect(body).toEqual({
    RequestId: expect.any(String),
    Code: 'Success',
    Message: 'Successful!',
    Success: true,
    Data: {
      Currency: 'USD',
      ModuleDetails: { ModuleDetail: [price(0.0163), price(0.0053)] },
      PromotionDetails: { PromotionDetail: [] },
    },
  })
})

test.each([
  [{}, '400 MissingParameter'],
  [module(1, 'ecs.none'), '400 PRICE.PRICING_PLAN_RESULT_NOT_FOUND'],
  [{ ...module(1, 'ecs.t5-lc2m1.nano'), 'ModuleList.1.ModuleCode': 'Disk' }, '400 InvalidModule'],
  [{ ...module(1, 'ecs.t5-lc2m1.nano'), SubscriptionType: 'Subscription' }, '400 InvalidParameter'],
  [
    Object.assign({}, ...Array.from({ length: 51 }, (_, i) => module(i + 1, 'ecs.t5-lc2m1.nano'))),
    '400 InvalidParameter',
  ],
])('refused: %#', async (more: object, expected) => {
  expect(outcomeOf(await call('GetPayAsYouGoPrice', { ...asked, ...more }))).toBe(expected)
})
