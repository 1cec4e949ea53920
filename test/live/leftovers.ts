import { callRpc, RpcError } from '../../infra/identity/rpc.ts'
import type { LiveStack } from './probe.ts'
import { callBucket, probeBucket, probeName } from './probes/requests.ts'

/** A resource in the state of a stack. */
export interface StateResource {
  type: string
  id: string
  outputs: Readonly<Record<string, unknown>>
}

type Account = Pick<LiveStack, 'name' | 'region' | 'deployer'>

interface Lookup {
  product: 'ecs' | 'vpc' | 'ram'
  action: string
  parameters: (resource: StateResource) => Record<string, string>
}

const BUCKET = 'alicloud:oss/bucket:Bucket'

const VERSIONS = { ecs: '2014-05-26', vpc: '2016-04-28', ram: '2015-05-01' } as const

/** How to look a resource up, by type. What has no lookup goes with one that has. */
const LOOKUPS: Readonly<Record<string, Lookup>> = {
  'alicloud:ecs/instance:Instance': {
    product: 'ecs',
    action: 'DescribeInstances',
    parameters: ({ id }) => ({ InstanceIds: JSON.stringify([id]) }),
  },
  'alicloud:ecs/securityGroup:SecurityGroup': byId(
    'ecs',
    'DescribeSecurityGroupAttribute',
    'SecurityGroupId',
  ),
  'alicloud:vpc/network:Network': byId('vpc', 'DescribeVpcAttribute', 'VpcId'),
  'alicloud:vpc/switch:Switch': byId('vpc', 'DescribeVSwitchAttributes', 'VSwitchId'),
  'alicloud:ecs/eipAddress:EipAddress': byId('vpc', 'DescribeEipAddresses', 'AllocationId'),
  'alicloud:ram/user:User': byName('GetUser', 'UserName', 'name'),
  'alicloud:ram/role:Role': byName('GetRole', 'RoleName', 'roleName'),
  'alicloud:ram/policy:Policy': byName('GetPolicy', 'PolicyName', 'policyName', {
    PolicyType: 'Custom',
  }),
}

function byId(product: 'ecs' | 'vpc', action: string, parameter: string): Lookup {
  return { product, action, parameters: ({ id }) => ({ [parameter]: id }) }
}

/** @param output Output of the resource that has the name @param more Further parameters */
function byName(action: string, parameter: string, output: string, more = {}): Lookup {
  return {
    product: 'ram',
    action,
    parameters: ({ outputs }) => ({ [parameter]: String(outputs[output]), ...more }),
  }
}

/**
 * Lists those of a stack's resources that are still in the account, a line each.
 *
 * @throws RpcError when a resource cannot be looked up
 */
export async function leftovers(
  resources: readonly StateResource[],
  account: Account,
): Promise<string[]> {
  const left: string[] = []
  const buckets = resources.filter(({ type }) => type === BUCKET).map(({ id }) => id)
  for (const resource of [...resources, ...resourcesOfProbes(account.name, buckets)]) {
    if (await isThere(resource, account)) left.push(`${resource.type} ${resource.id}`)
  }
  return left
}

async function isThere(resource: StateResource, account: Account): Promise<boolean> {
  const { type, id } = resource
  if (type === BUCKET) {
    const call = { method: 'GET', bucket: id, query: { bucketInfo: '' } } as const
    const response = await callBucket({ ...NO_STACK, ...account }, call)
    return !(await response.text()).includes('<Code>NoSuchBucket</Code>')
  }
  const lookup = LOOKUPS[type]
  return lookup !== undefined && isFound(lookup, resource, account)
}

/** Returns what probes have made and removed. */
function resourcesOfProbes(stack: string, buckets: readonly string[]): StateResource[] {
  const policy = (policyName: string): StateResource => ({
    type: 'alicloud:ram/policy:Policy',
    id: policyName,
    outputs: { policyName },
  })
  const roleName = probeName(stack)
  return [
    ...buckets.map((name) => ({ type: BUCKET, id: probeBucket(name), outputs: {} })),
    { type: 'alicloud:ram/role:Role', id: roleName, outputs: { roleName } },
    policy(roleName),
    policy(`${stack}-not-a-policy`),
  ]
}

/** For calls to a bucket that name everything else. */
const NO_STACK = {
  bucket: '',
  dir: '',
  uploader: { accessKeyId: '', accessKeySecret: '' },
}

async function isFound(
  { product, action, parameters }: Lookup,
  resource: StateResource,
  { region, deployer }: Account,
): Promise<boolean> {
  const isGlobal = product === 'ram'
  try {
    const answer = (await callRpc({
      host: isGlobal ? 'ram.aliyuncs.com' : `${product}.${region}.aliyuncs.com`,
      version: VERSIONS[product],
      action,
      credentials: deployer,
      parameters: { ...(isGlobal ? {} : { RegionId: region }), ...parameters(resource) },
    })) as { TotalCount?: number; VSwitchId?: string }
    return answer.TotalCount !== 0 && answer.VSwitchId !== ''
  } catch (error) {
    if (error instanceof RpcError && /NotExist|NotFound/.test(error.code)) return false
    throw error
  }
}
