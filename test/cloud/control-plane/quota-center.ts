import { ActionError, type Product } from './action.ts'
import type { Compute } from './compute.ts'
import { defineProduct } from './define-product.ts'

/**
 * Returns the Quota Center, 2020-05-10: quotas of VPC and EIP in one region, and their use.
 * Source: "ListProductQuotas", Quota Center API.
 */
export function quotaCenterProduct(compute: (region: string) => Compute): Product {
  return defineProduct({
    code: 'quotas',
    version: '2020-05-10',
    actions: {
      ListProductQuotas: {
        parameters: ['ProductCode', 'MaxResults?', 'Dimensions.N.Key?', 'Dimensions.N.Value?'],
        handle: ({ parameters }) => {
          const regionId = parameters['Dimensions.1.Value'] ?? ''
          if (parameters['Dimensions.1.Key'] !== 'regionId') {
            throw new ActionError(400, 'PARAMETER.ILLEGAL', 'Only regionId is a dimension here.')
          }
          const { limits, quotaUsage } = compute(regionId)
          const usage = quotaUsage()
          const quota = (QuotaActionCode: string, kind: keyof typeof limits) => ({
            QuotaActionCode,
            TotalQuota: limits[kind],
            TotalUsage: usage[kind],
            Dimensions: { regionId },
          })
          const products: Readonly<Record<string, object[]>> = {
            vpc: [quota('vpc_quota_instances_num', 'vpcs')],
            eip: [quota('eip_quota_instances_num', 'eips')],
          }
          const Quotas = products[parameters.ProductCode ?? '']
          if (!Quotas) {
            throw new ActionError(404, 'PRODUCT.NOT.FOUND', 'The product has no quotas here.')
          }
          return { Quotas, TotalCount: Quotas.length, MaxResults: 100 }
        },
      },
    },
  })
}
