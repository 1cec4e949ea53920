import { ActionError, type Product } from './action.ts'
import { REGIONS } from './catalogue/regions.ts'
import { defineProduct } from './define-product.ts'
import { apiHost, type ProductCode } from './gateway/host-names.ts'

const SERVED: readonly ProductCode[] = ['ecs', 'vpc', 'ess', 'alb', 'sts', 'ram']

/** The location service, 2015-06-12: the host of a product in a region. */
export const LOCATION: Product = defineProduct({
  code: 'location',
  version: '2015-06-12',
  actions: {
    DescribeEndpoints: {
      open: true,
      parameters: ['Id', 'ServiceCode', 'Type?'],
      handle: ({ parameters }) => {
        const { Id: region = '', ServiceCode: code = '', Type: type = 'openAPI' } = parameters
        if (!REGIONS.some(({ id }) => id === region)) {
          throw new ActionError(
            400,
            'InvalidRegionId',
            `The specified region does not exist: ${region}`,
          )
        }
        const host = hostOf(code.toLowerCase(), region)
        const endpoint = {
          Id: region,
          Namespace: '',
          SerivceCode: code,
          Type: 'openAPI',
          Protocols: { Protocols: ['HTTP', 'HTTPS'] },
        }
        return {
          Success: true,
          // A product without an endpoint is no error.
          Endpoints: {
            Endpoint: host && type === 'openAPI' ? [{ ...endpoint, Endpoint: host }] : [],
          },
        }
      },
    },
  },
})

function hostOf(code: string, region: string): string | undefined {
  if (code === 'oss') return `oss-${region}.aliyuncs.com`
  const product = SERVED.find((served) => served === code)
  return product && apiHost(product, region)
}
