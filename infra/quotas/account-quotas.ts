import { z } from 'zod'
import { callAsDeployer, callEcs } from '../identity/stack-credentials.ts'

/** A quota of the account, and how much of it is used. */
export interface Quota {
  total: number | undefined
  used: number | undefined
}

const productQuotas = z.object({
  Quotas: z.array(
    z.object({
      QuotaActionCode: z.string(),
      TotalQuota: z.number().optional(),
      TotalUsage: z.number().optional(),
    }),
  ),
})

/**
 * Returns a quota that the Quota Center knows. Some quotas are listed with the region at the end of their name.
 * Source: "ListProductQuotas" (Quota Center API), "Limits and quotas" of VPC and of EIP.
 *
 * @throws RpcError
 */
export async function productQuota(
  productCode: 'vpc' | 'eip',
  name: string,
  region: string,
): Promise<Quota> {
  const response = await callAsDeployer({
    host: 'quotas.aliyuncs.com',
    version: '2020-05-10',
    action: 'ListProductQuotas',
    parameters: {
      ProductCode: productCode,
      MaxResults: '100',
      'Dimensions.1.Key': 'regionId',
      'Dimensions.1.Value': region,
    },
  })
  const found = productQuotas
    .parse(response)
    .Quotas.find(({ QuotaActionCode: code }) => code === name || code === `${name}_${region}`)
  return { total: found?.TotalQuota, used: found?.TotalUsage }
}

const attributes = z.object({
  AccountAttributeItems: z.object({
    AccountAttributeItem: z.array(
      z.object({
        AttributeName: z.string(),
        AttributeValues: z.object({ ValueItem: z.array(z.object({ Value: z.string() })) }),
      }),
    ),
  }),
})

/** What ECS says about an account. */
export interface EcsAccount {
  /** Of pay-as-you-go instances. */
  vcpus: Quota
  /** Whether real-name verification is required and not completed. */
  lacksRealName: boolean
}

/** Source: "DescribeAccountAttributes", ECS API. @throws RpcError */
export async function ecsAccount(region: string): Promise<EcsAccount> {
  const response = await callEcs('DescribeAccountAttributes', region, {
    'AttributeName.1': 'max-postpaid-instance-vcpu-count',
    'AttributeName.2': 'used-postpaid-instance-vcpu-count',
    'AttributeName.3': 'real-name-authentication',
  })
  const { AccountAttributeItem: items } = attributes.parse(response).AccountAttributeItems
  const value = (name: string) =>
    items.find(({ AttributeName }) => AttributeName === name)?.AttributeValues.ValueItem[0]?.Value
  const count = (name: string) => {
    const text = value(name)
    return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
  }
  return {
    vcpus: {
      total: count('max-postpaid-instance-vcpu-count'),
      used: count('used-postpaid-instance-vcpu-count'),
    },
    lacksRealName: value('real-name-authentication') === 'none',
  }
}

/** Returns whether a VPC of this name exists. Source: "DescribeVpcs", VPC API. @throws RpcError */
export async function hasVpc(name: string, region: string): Promise<boolean> {
  const response = await callAsDeployer({
    host: `vpc.${region}.aliyuncs.com`,
    version: '2016-04-28',
    action: 'DescribeVpcs',
    parameters: { RegionId: region, VpcName: name },
  })
  return z.object({ TotalCount: z.number() }).parse(response).TotalCount > 0
}
