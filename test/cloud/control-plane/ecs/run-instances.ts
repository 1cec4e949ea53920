import type { ActionCall, Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { wholeNumber } from '../parameter-values.ts'
import { quotaUsage } from '../quota-usage.ts'
import { newResourceId } from '../resource-id.ts'
import { parseTags, TAG_PARAMETERS } from '../resource-tags.ts'
import type { Instance } from './instance.ts'
import * as check from './instance-parameters.ts'
import { checkRole } from './instance-role-actions.ts'
import { launch } from './machine.ts'
import { newNetworkInterface } from './network-interface.ts'
import { flag } from './parameters.ts'
import { checkGroups, checkInstanceType, pickAddress, requireVSwitch } from './placement.ts'
import { takePublicIp } from './public-ip.ts'
import { refuse } from './refusals.ts'
import { newSystemDisk } from './system-disk.ts'
import {
  checkDiskCategory,
  checkDiskSize,
  checkPerformanceLevel,
  SYSTEM_DISK_PARAMETERS,
} from './system-disk-parameters.ts'
import { WorkQueue } from './work-queue.ts'

function checkCharges(parameters: ActionCall['parameters']): string {
  const { InstanceChargeType = 'PostPaid' } = parameters
  if (InstanceChargeType === 'PrePaid') throw refuse('InvalidPayMethod')
  if (InstanceChargeType !== 'PostPaid') throw refuse('InvalidInstanceChargeType.NotFound')
  const strategy = parameters.SpotStrategy ?? 'NoSpot'
  if (!['NoSpot', 'SpotAsPriceGo', 'SpotWithPriceLimit'].includes(strategy)) {
    throw refuse('InvalidSpotStrategy')
  }
  return strategy
}

function checkBandwidth({ InternetMaxBandwidthOut = '0' }: ActionCall['parameters']): number {
  const bandwidth = wholeNumber(InternetMaxBandwidthOut)
  if (bandwidth === undefined || bandwidth < 0 || bandwidth > 100) {
    const message = 'The specified parameter "InternetMaxBandwidthOut" is not valid.'
    throw refuse('InvalidParameter', message)
  }
  return bandwidth
}

function plan(state: ComputeState, call: ActionCall): Instance {
  const { parameters } = call
  const { region } = state
  const vSwitch = requireVSwitch(state, call, region)
  const type = checkInstanceType(state, parameters.InstanceType, vSwitch.zoneId)
  const image = state.catalogue.image(parameters.ImageId ?? '')
  if (!image) throw refuse('InvalidImageId.NotFound')
  if (image.architecture !== type.architecture) throw refuse('InvalidParameter.Conflict')
  const securityGroupIds = checkGroups(state, call, vSwitch)
  const category = checkDiskCategory(parameters['SystemDisk.Category'], type)
  const level = checkPerformanceLevel(parameters['SystemDisk.PerformanceLevel'], category)
  const size = checkDiskSize(parameters['SystemDisk.Size'], category, level, image)
  const spotStrategy = checkCharges(parameters)
  const bandwidthOut = checkBandwidth(parameters)
  if (parameters.Password) check.password(parameters.Password)
  const inherits = flag(parameters, 'PasswordInherit', false)
  if (parameters.Password && inherits) throw refuse('InvalidPasswordParam.Mismatch')
  // Key pairs are not simulated, so none exists.
  if (parameters.KeyPairName) throw refuse('InvalidKeyPairName.NotFound')
  if (parameters.RamRoleName) checkRole(state, parameters.RamRoleName, 401)
  const tags = parseTags(parameters)
  const id = newResourceId('i', region)
  const common = { region, createdAt: call.now, zoneId: vSwitch.zoneId }
  return {
    ...common,
    id,
    tags,
    spotStrategy,
    networkInterface: newNetworkInterface({
      ...common,
      instanceId: id,
      vpcId: vSwitch.vpcId,
      vSwitchId: vSwitch.id,
      securityGroupIds,
      privateIp: pickAddress(state, vSwitch, parameters.PrivateIpAddress),
      tags: new Map(),
    }),
    metadata: {
      httpEndpoint: check.httpEndpoint(parameters.HttpEndpoint ?? 'enabled'),
      httpTokens: check.httpTokens(parameters.HttpTokens ?? 'optional'),
      hopLimit: check.hopLimit(parameters.HttpPutResponseHopLimit ?? '1'),
    },
    power: new WorkQueue((error) => {
      state.faults.push({ instanceId: id, operation: 'change', message: String(error) })
    }),
    status: 'Pending',
    releasing: false,
    fault: undefined,
    startedAt: undefined,
    name: parameters.InstanceName ? check.instanceName(parameters.InstanceName) : id,
    description: check.description(parameters.Description ?? ''),
    hostName: parameters.HostName ? check.hostName(parameters.HostName) : `iZ${id.slice(2)}Z`,
    userData: check.userData(parameters.UserData ?? ''),
    hasPassword: Boolean(parameters.Password) || inherits,
    type,
    image,
    disk: newSystemDisk(region, {
      createdAt: call.now,
      category,
      imageId: image.id,
      encrypted: flag(parameters, 'SystemDisk.Encrypted', false) || state.encryptsDisks,
      size,
      performanceLevel: level,
      name: parameters['SystemDisk.DiskName'] ?? '',
      description: parameters['SystemDisk.Description'] ?? '',
      tags: new Map(),
    }),
    ramRoleName: parameters.RamRoleName || undefined,
    deletionProtection: flag(parameters, 'DeletionProtection', false),
    creditSpecification: type.burstable ? (parameters.CreditSpecification ?? 'Standard') : '',
    stoppedMode: 'Not-applicable',
    bandwidthOut,
    publicIp: bandwidthOut === 0 ? undefined : takePublicIp(state, region),
  }
}

/**
 * Creates one instance and powers it on.
 *
 * @throws ActionError
 */
export function makeInstance(state: ComputeState, call: ActionCall): Instance {
  if ((call.parameters.Amount ?? '1') !== '1') throw refuse('InvalidParam.Amount')
  const instance = plan(state, call)
  const { vcpus } = quotaUsage(state)
  if (vcpus + instance.type.cpuCores > state.limits.vcpus) {
    throw refuse('QuotaExceed.ElasticQuota')
  }
  if (flag(call.parameters, 'DryRun', false)) throw refuse('DryRunOperation')
  state.instances.add(instance)
  state.interfaces.add(instance.networkInterface)
  launch(state, instance)
  return instance
}

/** Returns the action that creates one instance and powers it on. */
export function runInstancesActions(state: ComputeState): Actions {
  return {
    /** With DryRun it says what would be refused, and creates nothing. */
    RunInstances: {
      parameters: [
        'RegionId',
        'ClientToken?',
        'DryRun?',
        'Amount?',
        'InstanceType',
        'ImageId',
        'ZoneId?',
        'VSwitchId',
        'PrivateIpAddress?',
        'SecurityGroupId?',
        'SecurityGroupIds.N?',
        'InstanceName?',
        'Description?',
        'HostName?',
        'Password?',
        'PasswordInherit?',
        'KeyPairName?',
        'UserData?',
        'RamRoleName?',
        'InstanceChargeType?',
        'InternetChargeType?',
        'InternetMaxBandwidthOut?',
        'SpotStrategy?',
        'CreditSpecification?',
        'DeletionProtection?',
        'SecurityEnhancementStrategy?',
        'HttpEndpoint?',
        'HttpTokens?',
        'HttpPutResponseHopLimit?',
        ...SYSTEM_DISK_PARAMETERS,
        ...TAG_PARAMETERS,
      ],
      handle: (call) => ({ InstanceIdSets: { InstanceIdSet: [makeInstance(state, call).id] } }),
    },
  }
}
