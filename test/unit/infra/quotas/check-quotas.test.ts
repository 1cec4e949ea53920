import * as pulumi from '@pulumi/pulumi'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { checkQuotas } from '../../../../infra/quotas/check-quotas.ts'
import { recordRegistrations } from '../registrations.ts'

const REGION = 'ap-southeast-1'
const warn = vi.spyOn(pulumi.log, 'warn')
let requests: string[]
let account: Account

interface Account {
  vpcs: object[]
  eips: object[]
  attributes: Record<string, string>
  /** Number of VPCs with the name of the stack's. */
  existing: number
}

beforeEach(async () => {
  requests = []
  account = {
    vpcs: [{ QuotaActionCode: 'vpc_quota_instances_num', TotalQuota: 10, TotalUsage: 9 }],
    eips: [{ QuotaActionCode: 'eip_quota_instances_num', TotalQuota: 20, TotalUsage: 18 }],
    attributes: {
      'max-postpaid-instance-vcpu-count': '8',
      'used-postpaid-instance-vcpu-count': '6',
      'real-name-authentication': 'yes',
    },
    existing: 0,
  }
  warn.mockReset().mockResolvedValue()
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_ID', 'LTAI')
  vi.stubEnv('ALIBABA_CLOUD_ACCESS_KEY_SECRET', 'secret')
  vi.stubGlobal('fetch', async (url: string, { body }: { body: URLSearchParams }) => {
    const action = body.get('Action') ?? ''
    requests.push([url, action, body.get('ProductCode') ?? body.get('VpcName')].join(' ').trimEnd())
    if (action === 'DescribeVpcs') return Response.json({ TotalCount: account.existing })
    if (action === 'ListProductQuotas') {
      const Quotas = body.get('ProductCode') === 'vpc' ? account.vpcs : account.eips
      return Response.json({ Quotas })
    }
    const AccountAttributeItem = Object.entries(account.attributes).map(
      ([AttributeName, Value]) => ({
        AttributeName,
        AttributeValues: { ValueItem: [{ Value }] },
      }),
    )
    return Response.json({ AccountAttributeItems: { AccountAttributeItem } })
  })
  await recordRegistrations()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.unstubAllEnvs()
})

test('quotas with room for a server and for a fleet of two pass', async () => {
  await checkQuotas({ region: REGION, instances: undefined })
  expect(requests.toSorted()).toEqual([
    `https://ecs.${REGION}.aliyuncs.com/ DescribeAccountAttributes`,
    'https://quotas.aliyuncs.com/ ListProductQuotas eip',
    'https://quotas.aliyuncs.com/ ListProductQuotas vpc',
    expect.stringMatching(
      /^https:\/\/vpc\.ap-southeast-1\.aliyuncs\.com\/ DescribeVpcs .+-network$/,
    ),
  ])
  await checkQuotas({ region: REGION, instances: { min: 2, max: 4 } })
  expect(warn).not.toHaveBeenCalled()
})

test('each quota without room is named', async () => {
  account.vpcs = [
    { QuotaActionCode: `vpc_quota_instances_num_${REGION}`, TotalQuota: 10, TotalUsage: 11 },
  ]
  account.eips = [{ QuotaActionCode: 'eip_quota_instances_num', TotalQuota: 20, TotalUsage: 19 }]
  const end = 'release what is not needed, or raise it in the Quota Center.'
  await expect(checkQuotas({ region: REGION, instances: { min: 3, max: 4 } })).rejects.toThrow(
    new pulumi.RunError(
      [
        `The account's quota of VPCs in ${REGION} has room for 0 more (11 of 10 are used), and this stack needs 1: ${end}`,
        `The account's quota of EIPs in ${REGION} has room for 1 more (19 of 20 are used), and this stack needs 2: ${end}`,
        `The account's quota of vCPUs of pay-as-you-go instances in ${REGION} has room for 2 more (6 of 8 are used), and this stack needs 3: ${end}`,
      ].join('\n'),
    ),
  )
})

test('a stack that exists is not checked', async () => {
  account.existing = 1
  account.eips = [{ QuotaActionCode: 'eip_quota_instances_num', TotalQuota: 1, TotalUsage: 1 }]
  await checkQuotas({ region: REGION, instances: undefined })
  expect(requests).toHaveLength(1)
})

test('what the cloud does not say is not checked', async () => {
  account.vpcs = []
  account.eips = [{ QuotaActionCode: 'eip_quota_instances_num', TotalQuota: 0 }]
  account.attributes = { 'max-postpaid-instance-vcpu-count': 'unlimited' }
  await checkQuotas({ region: REGION, instances: undefined })
})

test('a key that may not ask is no reason to fail', async () => {
  const answer = globalThis.fetch
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) =>
    url.includes('vpc.')
      ? answer(url, init)
      : Response.json({ Code: 'NoPermission', Message: 'No.' }, { status: 403 }),
  )
  await checkQuotas({ region: REGION, instances: undefined })
})

test('an account without real-name verification gets a warning', async () => {
  account.attributes['real-name-authentication'] = 'none'
  await checkQuotas({ region: REGION, instances: undefined })
  expect(warn.mock.calls).toEqual([
    [
      'The account has not completed real-name verification. Where it is required, no instance can be created before.',
    ],
  ])
})
