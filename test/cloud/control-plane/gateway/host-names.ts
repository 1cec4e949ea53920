import { isIPv4 } from 'node:net'
import { REGIONS } from '../catalogue/regions.ts'

/** Products that answer RPC calls. */
export type ProductCode =
  | 'location'
  | 'bssopenapi'
  | 'sts'
  | 'ram'
  | 'resourcemanager'
  | 'quotas'
  | 'ecs'
  | 'vpc'
  | 'ess'
  | 'alb'

/** What a host name leads to. */
export type Destination =
  /** @param region Absent for names that serve every region */
  | { kind: 'api'; product: ProductCode; region?: string }
  | { kind: 'oss'; region: string; internal: boolean }
  | { kind: 'address'; address: string }
  | { kind: 'balancer'; name: string }

const REGION_IDS = new Set(REGIONS.map(({ id }) => id))

const CENTRAL: Readonly<Record<string, ProductCode>> = {
  'location.aliyuncs.com': 'location',
  'location-readonly.aliyuncs.com': 'location',
  'business.aliyuncs.com': 'bssopenapi',
  'business.ap-southeast-1.aliyuncs.com': 'bssopenapi',
  'sts.aliyuncs.com': 'sts',
  'ram.aliyuncs.com': 'ram',
  'resourcemanager.aliyuncs.com': 'resourcemanager',
  'quotas.aliyuncs.com': 'quotas',
}

/** Names without a region, from the time of a single region. */
const OF_HANGZHOU: Readonly<Record<string, ProductCode>> = {
  'ecs.aliyuncs.com': 'ecs',
  'ecs-cn-hangzhou.aliyuncs.com': 'ecs',
  'vpc.aliyuncs.com': 'vpc',
  'ess.aliyuncs.com': 'ess',
}

/**
 * Reads a host name, without a port.
 * Source: the endpoint pages of each product in the Alibaba Cloud documentation.
 *
 * @returns undefined for a name that the simulated cloud does not have
 */
export function findDestination(host: string): Destination | undefined {
  const name = host.toLowerCase()
  if (isIPv4(name)) return { kind: 'address', address: name }
  const central = CENTRAL[name]
  if (central) return { kind: 'api', product: central }
  const first = OF_HANGZHOU[name]
  if (first) return { kind: 'api', product: first, region: 'cn-hangzhou' }
  const regional = /^(ecs|vpc|sts|ess|alb)\.([a-z0-9-]+)\.aliyuncs\.com$/.exec(name)
  if (regional) {
    const [, product, region = ''] = regional
    return REGION_IDS.has(region)
      ? { kind: 'api', product: product as ProductCode, region }
      : undefined
  }
  const balancer = /^alb-[a-z0-9]{18}\.([a-z0-9-]+)\.alb\.aliyuncsslbintl\.com$/.exec(name)
  if (balancer) return REGION_IDS.has(balancer[1] ?? '') ? { kind: 'balancer', name } : undefined
  const oss = /^(?:[a-z0-9][a-z0-9-]*\.)?oss-([a-z0-9-]+?)(-internal)?\.aliyuncs\.com$/.exec(name)
  const region = oss?.[1] ?? ''
  if (!REGION_IDS.has(region)) return undefined
  return { kind: 'oss', region, internal: oss?.[2] !== undefined }
}

/** Returns the host name of a product's API in a region. */
export function apiHost(product: ProductCode, region: string): string {
  if (product === 'location') return 'location.aliyuncs.com'
  if (product === 'bssopenapi') return 'business.aliyuncs.com'
  if (product === 'ram') return 'ram.aliyuncs.com'
  if (product === 'ecs' && region === 'cn-hangzhou') return 'ecs-cn-hangzhou.aliyuncs.com'
  return `${product}.${region}.aliyuncs.com`
}
