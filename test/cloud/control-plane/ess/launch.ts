import { ActionError } from '../action.ts'
import { makeInstance } from '../ecs/run-instances.ts'
import type { VSwitch } from '../vpc/vswitch.ts'
import type { EssState } from './ess-state.ts'
import { type Member, stays } from './member.ts'
import { refuse } from './refusals.ts'
import type { ScalingConfiguration } from './scaling-configuration.ts'
import type { ScalingGroup } from './scaling-group.ts'

/** Returns the vSwitches in the order to try. Source: "Scaling policies", ESS documentation. */
function vSwitchesFor(state: EssState, group: ScalingGroup): VSwitch[] {
  const listed = group.vSwitchIds.flatMap((id) => state.compute.vSwitches.get(id) ?? [])
  if (group.multiAzPolicy !== 'BALANCE' && !group.extras.azBalance) return listed
  const load = (zoneId: string): number =>
    group.members.filter((member) => stays(member) && member.zoneId === zoneId).length
  return listed.toSorted((a, b) => load(a.zoneId) - load(b.zoneId))
}

function parametersFor(
  group: ScalingGroup,
  configuration: ScalingConfiguration,
  vSwitch: VSwitch,
  instanceType: string,
): Record<string, string> {
  const { systemDiskSize } = configuration
  const wanted: Record<string, string> = {
    RegionId: group.region,
    InstanceType: instanceType,
    ImageId: configuration.imageId,
    VSwitchId: vSwitch.id,
    InstanceName: configuration.instanceName || `ESS-${group.name}`,
    HostName: configuration.hostName,
    Description: configuration.description || 'ESS',
    UserData: configuration.userData,
    RamRoleName: configuration.ramRoleName,
    Password: configuration.password,
    HttpEndpoint: configuration.httpEndpoint,
    HttpTokens: configuration.httpTokens,
    CreditSpecification: configuration.creditSpecification,
    InternetChargeType: configuration.internetChargeType,
    InternetMaxBandwidthOut: String(configuration.internetMaxBandwidthOut),
    'SystemDisk.Category': configuration.systemDiskCategory,
    'SystemDisk.Size': systemDiskSize === undefined ? '' : String(systemDiskSize),
    'SystemDisk.PerformanceLevel': configuration.systemDiskPerformanceLevel,
    'SystemDisk.DiskName': configuration.systemDiskName,
    'SystemDisk.Description': configuration.systemDiskDescription,
    'SystemDisk.Encrypted': String(configuration.systemDiskEncrypted),
  }
  configuration.securityGroupIds.forEach((id, index) => {
    wanted[`SecurityGroupIds.${index + 1}`] = id
  })
  const tags = [...configuration.tags]
  tags.forEach(([key, value], index) => {
    wanted[`Tag.${index + 1}.Key`] = key
    wanted[`Tag.${index + 1}.Value`] = value
  })
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== ''))
}

/**
 * Creates an instance in ECS, in the first zone that has one and of the first type that is
 * available.
 *
 * @throws ActionError The last refusal, where it cannot be had at all
 */
export function launchMember(state: EssState, group: ScalingGroup, activityId: string): Member {
  const { activeConfigurationId = '' } = group
  const configuration = state.configurations.get(activeConfigurationId)
  if (!configuration) throw refuse('MissingActiveScalingConfiguration')
  let refusal: ActionError = refuse('InvalidVSwitchId.NotFound')
  const now = state.compute.now()
  for (const vSwitch of vSwitchesFor(state, group)) {
    for (const instanceType of configuration.instanceTypes) {
      const parameters = parametersFor(group, configuration, vSwitch, instanceType)
      try {
        const call = { parameters, region: group.region, requestId: activityId, now }
        const instance = makeInstance(state.compute, call)
        instance.tags.set('acs:autoscaling:scalingGroupId', group.id)
        const member: Member = {
          instanceId: instance.id,
          scalingGroupId: group.id,
          configurationId: configuration.id,
          instanceType,
          zoneId: vSwitch.zoneId,
          vSwitchId: vSwitch.id,
          privateIp: instance.networkInterface.privateIp,
          createdAt: now,
          activityId,
          lifecycleState: 'Pending',
          health: 'Healthy',
          wasHealthy: false,
          inServiceAt: undefined,
          hooks: [],
        }
        group.members.push(member)
        return member
      } catch (error) {
        if (!(error instanceof ActionError)) throw error
        refusal = error
      }
    }
  }
  throw refusal
}
