import { callRpc, RpcError, type RpcRequest } from '../../../infra/identity/rpc.ts'
import type { LiveStack, Probe } from '../probe.ts'
import { probeName } from './requests.ts'

type Call = Pick<RpcRequest, 'action' | 'parameters'>

const ram = (stack: LiveStack, call: Call, credentials = stack.deployer): Promise<unknown> =>
  callRpc({ host: 'ram.aliyuncs.com', version: '2015-05-01', credentials, ...call })

const ecs = (stack: LiveStack, call: Call, credentials = stack.deployer): Promise<unknown> =>
  callRpc({
    host: `ecs.${stack.region}.aliyuncs.com`,
    version: '2014-05-26',
    credentials,
    ...call,
    parameters: { RegionId: stack.region, ...call.parameters },
  })

/** Returns the status and code of a refusal, `accepted` without one. */
async function refusal(call: Promise<unknown>): Promise<string> {
  try {
    await call
    return 'accepted'
  } catch (error) {
    if (error instanceof RpcError) return `${error.status} ${error.code}`
    throw error
  }
}

/** Returns the name of a product's quota of instances; all of its quotas if there is none. */
async function quotaName(stack: LiveStack, ProductCode: string): Promise<string> {
  const answer = await callRpc({
    host: 'quotas.aliyuncs.com',
    version: '2020-05-10',
    action: 'ListProductQuotas',
    credentials: stack.deployer,
    parameters: {
      ProductCode,
      MaxResults: '100',
      'Dimensions.1.Key': 'regionId',
      'Dimensions.1.Value': stack.region,
    },
  })
  const found = [...JSON.stringify(answer).matchAll(/"QuotaActionCode":"(.*?)"/g)]
  const names = found.map(([, name = '']) => name)
  return names.find((name) => name.includes('_quota_instances_num')) ?? names.join(' ')
}

const POLICY = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Deny', Action: 'oss:*', Resource: '*' }],
})
const TRUST = JSON.stringify({
  Version: '1',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: ['ecs.aliyuncs.com'] } },
  ],
})

/** Questions about RAM, ECS and the gateway, of which this account can be asked. */
export const accountProbes: readonly Probe[] = [
  {
    question: 'code of a missing permission',
    expected: 'Forbidden.RAM, NoPermission',
    async ask(stack) {
      const codes = [
        await refusal(ecs(stack, { action: 'DescribeInstances', parameters: {} }, stack.uploader)),
        await refusal(ram(stack, { action: 'GetUser', parameters: {} }, stack.uploader)),
      ]
      return codes.map((code) => code.replace(/^\d+ /, '')).join(', ')
    },
  },
  {
    question: 'order of the checks',
    expected: 'permission',
    async ask(stack) {
      const call = { action: 'DescribeInstanceAttribute', parameters: {} }
      const answer = await refusal(ecs(stack, call, stack.uploader))
      return answer.endsWith('Forbidden.RAM') ? 'permission' : answer
    },
  },
  {
    question: 'deleting a policy that a role has',
    expected: '409 DeleteConflict.Role.Policy',
    async ask(stack) {
      const PolicyName = probeName(stack.name)
      const RoleName = PolicyName
      const attachment = { PolicyName, PolicyType: 'Custom', RoleName }
      await ram(stack, {
        action: 'CreatePolicy',
        parameters: { PolicyName, PolicyDocument: POLICY },
      })
      try {
        await ram(stack, {
          action: 'CreateRole',
          parameters: { RoleName, AssumeRolePolicyDocument: TRUST },
        })
        await ram(stack, { action: 'AttachPolicyToRole', parameters: attachment })
        return await refusal(ram(stack, { action: 'DeletePolicy', parameters: { PolicyName } }))
      } finally {
        const steps: Call[] = [
          { action: 'DetachPolicyFromRole', parameters: attachment },
          { action: 'DeleteRole', parameters: { RoleName } },
          { action: 'DeletePolicy', parameters: { PolicyName } },
        ]
        for (const step of steps) await refusal(ram(stack, step))
      }
    },
  },
  {
    question: 'a policy that is not a policy',
    expected: '400 MalformedPolicyDocument',
    async ask(stack) {
      const PolicyName = `${stack.name}-not-a-policy`
      const parameters = { PolicyName, PolicyDocument: '{"Version":"1"}' }
      const answer = await refusal(ram(stack, { action: 'CreatePolicy', parameters }))
      if (answer === 'accepted') {
        await ram(stack, { action: 'DeletePolicy', parameters: { PolicyName } })
      }
      return answer
    },
  },
  {
    question: 'names of the quotas of VPCs and EIPs',
    expected: 'vpc_quota_instances_num, eip_quota_instances_num',
    ask: async (stack) => `${await quotaName(stack, 'vpc')}, ${await quotaName(stack, 'eip')}`,
  },
  {
    question: 'values of `real-name-authentication`',
    expected: 'yes',
    async ask(stack) {
      const parameters = { 'AttributeName.1': 'real-name-authentication' }
      const answer = await ecs(stack, { action: 'DescribeAccountAttributes', parameters })
      return /"Value":"(.*?)"/.exec(JSON.stringify(answer))?.[1] ?? 'none'
    },
  },
  {
    question: 'system disks of the family `e`',
    expected: 'cloud_essd, cloud_essd_entry',
    async ask(stack) {
      const parameters = {
        DestinationResource: 'SystemDisk',
        InstanceType: 'ecs.e-c1m1.large',
        IoOptimized: 'optimized',
        InstanceChargeType: 'PostPaid',
      }
      const text = JSON.stringify(
        await ecs(stack, { action: 'DescribeAvailableResource', parameters }),
      )
      const found = new Set([...text.matchAll(/"Value":"(cloud\w*)"/g)].map(([, value]) => value))
      return [...found].sort().join(', ')
    },
  },
]
