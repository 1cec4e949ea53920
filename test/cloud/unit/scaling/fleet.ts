import { beforeEach } from 'vitest'
import { account, DEBIAN, part, pass, REGION, text, useAccount } from '../compute/account.ts'

/** Ids of what a fleet stands on. */
export interface TestFleet {
  vpcId: string
  /** In zones b and c. */
  vSwitchIds: [string, string]
  securityGroupId: string
  loadBalancerId: string
  dnsName: string
  serverGroupId: string
  listenerId: string
}

/** The fleet that was made last, in `account`. */
export let fleet: TestFleet

/** Opens an account with a fleet in it before each test of a file. */
export function useFleet(): void {
  useAccount()
  beforeEach(() => layFleet())
}

/**
 * Makes a VPC with two vSwitches, a load balancer in both, and a server group behind its port 80;
 * it is `fleet` then.
 */
export async function layFleet(
  options: { serverGroup?: Record<string, string>; listener?: Record<string, string> } = {},
): Promise<void> {
  const VpcId = await text(account.vpc('CreateVpc', { CidrBlock: '192.168.0.0/16' }), 'VpcId')
  await pass()
  const makeVSwitch = async (letter: string, third: number) => {
    const block = { ZoneId: `${REGION}${letter}`, CidrBlock: `192.168.${third}.0/24` }
    const id = await text(account.vpc('CreateVSwitch', { VpcId, ...block }), 'VSwitchId')
    await pass()
    return id
  }
  const vSwitchIds: [string, string] = [await makeVSwitch('b', 1), await makeVSwitch('c', 2)]
  const securityGroupId = await text(
    account.ecs('CreateSecurityGroup', { VpcId }),
    'SecurityGroupId',
  )
  for (const [index, third] of [1, 2].entries()) {
    await account.ecs('AuthorizeSecurityGroup', {
      SecurityGroupId: securityGroupId,
      'Permissions.1.IpProtocol': 'tcp',
      'Permissions.1.PortRange': '80/80',
      'Permissions.1.SourceCidrIp': `192.168.${third}.0/24`,
      'Permissions.1.Priority': String(index + 1),
    })
  }
  const LoadBalancerId = await text(
    account.alb('CreateLoadBalancer', balancerParameters(VpcId, vSwitchIds)),
    'LoadBalancerId',
  )
  const serverGroupId = await text(
    account.alb('CreateServerGroup', {
      ServerGroupName: 'servers',
      VpcId,
      'HealthCheckConfig.HealthCheckEnabled': 'true',
      'HealthCheckConfig.HealthCheckPath': '/healthz',
      'HealthCheckConfig.HealthyThreshold': '2',
      ...options.serverGroup,
    }),
    'ServerGroupId',
  )
  await pass(2000)
  const listenerId = await text(
    account.alb('CreateListener', {
      LoadBalancerId,
      ...listenerParameters(serverGroupId),
      ...options.listener,
    }),
    'ListenerId',
  )
  await pass(2000)
  const shown = account.alb('GetLoadBalancerAttribute', { LoadBalancerId })
  const dnsName = await text(shown, 'DNSName')
  const ids = { vpcId: VpcId, vSwitchIds, securityGroupId, serverGroupId, listenerId }
  fleet = { ...ids, loadBalancerId: LoadBalancerId, dnsName }
}

/** What CreateLoadBalancer needs at the least. */
export function balancerParameters(
  VpcId: string,
  vSwitchIds: readonly [string, string],
): Record<string, string> {
  return {
    VpcId,
    AddressType: 'Internet',
    LoadBalancerEdition: 'Standard',
    LoadBalancerName: 'front',
    'LoadBalancerBillingConfig.PayType': 'PostPay',
    'ZoneMappings.1.ZoneId': `${REGION}b`,
    'ZoneMappings.1.VSwitchId': vSwitchIds[0],
    'ZoneMappings.2.ZoneId': `${REGION}c`,
    'ZoneMappings.2.VSwitchId': vSwitchIds[1],
  }
}

/** What CreateListener needs at the least, but the load balancer. */
export function listenerParameters(serverGroupId: string): Record<string, string> {
  return {
    ListenerProtocol: 'HTTP',
    ListenerPort: '80',
    'DefaultActions.1.Type': 'ForwardGroup',
    'DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId': serverGroupId,
  }
}

/** What CreateScalingGroup needs for that fleet. */
export function groupParameters([minSize, maxSize]: readonly [
  minSize: number,
  maxSize: number,
]): Record<string, string> {
  return {
    MinSize: String(minSize),
    MaxSize: String(maxSize),
    MultiAZPolicy: 'BALANCE',
    'VSwitchIds.1': fleet.vSwitchIds[0],
    'VSwitchIds.2': fleet.vSwitchIds[1],
    'HealthCheckTypes.1': 'ECS',
    'HealthCheckTypes.2': 'LOAD_BALANCER',
    'AlbServerGroup.1.AlbServerGroupId': fleet.serverGroupId,
    'AlbServerGroup.1.Port': '80',
    'AlbServerGroup.1.Weight': '100',
  }
}

/** What CreateScalingConfiguration needs for that fleet. */
export function configurationParameters(ScalingGroupId: string): Record<string, string> {
  return {
    ScalingGroupId,
    ImageId: DEBIAN,
    'InstanceTypes.1': 'ecs.u1-c1m2.large',
    SecurityGroupId: fleet.securityGroupId,
    'SystemDisk.Category': 'cloud_essd',
    RamRoleName: 'server-role',
    UserData: Buffer.from('#cloud-config\n').toString('base64'),
    Tags: '{"project":"uploads"}',
  }
}

/** Makes a group and has it at work. */
export async function runGroup(
  sizes: readonly [minSize: number, maxSize: number],
  parameters: Record<string, string> = {},
): Promise<string> {
  const group = account.ess('CreateScalingGroup', {
    ...groupParameters(sizes),
    ...parameters,
  })
  const ScalingGroupId = await text(group, 'ScalingGroupId')
  const configuration = configurationParameters(ScalingGroupId)
  const ActiveScalingConfigurationId = await text(
    account.ess('CreateScalingConfiguration', configuration),
    'ScalingConfigurationId',
  )
  await account.ess('EnableScalingGroup', { ScalingGroupId, ActiveScalingConfigurationId })
  return ScalingGroupId
}

/** State and health of each instance of a group, e.g. `InService Healthy`. */
export async function membersOf(ScalingGroupId: string): Promise<string[]> {
  const answer = account.ess('DescribeScalingInstances', { ScalingGroupId })
  const members = await part(answer, 'ScalingInstances', 'ScalingInstance')
  return (members as { LifecycleState: string; HealthStatus: string }[]).map(
    ({ LifecycleState, HealthStatus }) => `${LifecycleState} ${HealthStatus}`,
  )
}

/** Ids of the instances of a group. */
export async function memberIds(ScalingGroupId: string): Promise<string[]> {
  const answer = account.ess('DescribeScalingInstances', { ScalingGroupId })
  const members = await part(answer, 'ScalingInstances', 'ScalingInstance')
  return (members as { InstanceId: string }[]).map(({ InstanceId }) => InstanceId)
}
