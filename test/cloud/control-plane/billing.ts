import { ActionError, type ActionParameters, type Product } from './action.ts'
import { defineProduct } from './define-product.ts'

export interface BillingOptions {
  /** Of a type in a region, US dollars an hour; undefined where it is not sold. */
  hourlyPrice(instanceType: string, region: string): number | undefined
  accountType: 'Domestic' | 'International'
}

const INTERNATIONAL_HOST = 'business.ap-southeast-1.aliyuncs.com'

/**
 * Returns BssOpenApi, 2017-12-14: the calls that tell the site of an account, and prices.
 * Source: "API reference", Alibaba Cloud Expenses and Costs documentation.
 *
 * @param host Of the call: each site knows its own accounts alone
 */
export function billingProduct(options: BillingOptions, host: string): Product {
  const checkSite = (): void => {
    const isInternational = host === INTERNATIONAL_HOST
    if (isInternational === (options.accountType === 'International')) return
    throw new ActionError(400, 'NotApplicable', 'This API is not applicable for caller.')
  }
  return defineProduct({
    code: 'bssopenapi',
    version: '2017-12-14',
    ramCode: 'bssapi',
    actions: {
      QueryAvailableInstances: {
        parameters: [
          'PageSize?',
          'PageNum?',
          'ProductCode?',
          'ProductType?',
          'SubscriptionType?',
          'Region?',
          'InstanceIDs?',
        ],
        handle: ({ parameters }) => {
          checkSite()
          const { PageNum = '1', PageSize = '20' } = parameters
          // Subscriptions are not simulated.
          const page = { PageNum: Number(PageNum), PageSize: Number(PageSize), TotalCount: 0 }
          return { ...SUCCESS, Data: { ...page, InstanceList: [] } }
        },
      },
      GetPayAsYouGoPrice: {
        parameters: [
          'ProductCode',
          'ProductType?',
          'SubscriptionType',
          'Region?',
          'OrderType?',
          'ModuleList.N.ModuleCode',
          'ModuleList.N.Config',
          'ModuleList.N.PriceType',
        ],
        handle: ({ parameters }) => {
          checkSite()
          const details = modulesOf(parameters).map(({ code, config }) => {
            const price = priceOf(config, options)
            return {
              ModuleCode: code,
              OriginalCost: price,
              CostAfterDiscount: price,
              InvoiceDiscount: 0,
              UnitPrice: price,
            }
          })
          return {
            ...SUCCESS,
            Data: {
              Currency: 'USD',
              ModuleDetails: { ModuleDetail: details },
              PromotionDetails: { PromotionDetail: [] },
            },
          }
        },
      },
    },
  })
}

const SUCCESS = { Code: 'Success', Message: 'Successful!', Success: true }

function modulesOf(parameters: ActionParameters): { code: string; config: string }[] {
  if (parameters.ProductCode !== 'ecs' || parameters.SubscriptionType !== 'PayAsYouGo') {
    throw new ActionError(
      400,
      'InvalidParameter',
      'Prices are known for ProductCode ecs and SubscriptionType PayAsYouGo only.',
    )
  }
  const modules: { code: string; config: string }[] = []
  for (let i = 1; ; i += 1) {
    const code = parameters[`ModuleList.${i}.ModuleCode`]
    const config = parameters[`ModuleList.${i}.Config`]
    const priceType = parameters[`ModuleList.${i}.PriceType`]
    if (code === undefined) break
    if (code !== 'InstanceType' || config === undefined || priceType !== 'Hour') {
      throw new ActionError(400, 'InvalidModule', `ModuleList.${i} is not the price of a type.`)
    }
    modules.push({ code, config })
  }
  if (modules.length > 50) {
    throw new ActionError(400, 'InvalidParameter', 'At most 50 modules can be asked for at once.')
  }
  return modules
}

// E.g. `InstanceType:ecs.e-c1m2.large,IoOptimized:IoOptimized,ImageOs:linux,Region:eu-central-1`.
function priceOf(config: string, options: BillingOptions): number {
  const values = new Map(
    config.split(',').map((part) => [part.split(':')[0] ?? '', part.split(':')[1] ?? '']),
  )
  const [type, region] = [values.get('InstanceType') ?? '', values.get('Region') ?? '']
  const price = options.hourlyPrice(type, region)
  if (price === undefined) {
    throw new ActionError(
      400,
      'PRICE.PRICING_PLAN_RESULT_NOT_FOUND',
      `There is no price of ${type} in ${region}.`,
    )
  }
  return price
}
