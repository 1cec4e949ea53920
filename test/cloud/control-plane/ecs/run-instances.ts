import type { Action, ActionCall } from '../action.ts'
import type { InstanceType } from '../catalogue/instance-types.ts'
import type { ComputeState } from '../compute-state.ts'
import { listOf, truth, wholeNumber } from '../parameter-values.ts'
import { newResourceId } from '../resource-id.ts'
import { parseTags } from '../resource-tags.ts'
import { parseIpv4 } from '../vpc/ipv4.ts'
import { freeAddress, isAssignable, type VSwitch } from '../vpc/vswitch.ts'
import type { Instance } from './instance.ts'
import {
  checkDescription,
  checkHostName,
  checkHttpEndpoint,
  checkHttpTokens,
  checkInstanceName,
  checkPassword,
  checkUserData,
} from './instance-parameters.ts'
import { requireRegion } from './lookup.ts'
import { launch } from './machine.ts'
import { newNetworkInterface } from './network-interface.ts'
import { refuse } from './refusals.ts'
import { checkRole } from './role-actions.ts'
import { newSystemDisk } from './system-disk.ts'
import {
  checkDiskCategory,
  checkDiskSize,
  checkPerformanceLevel,
} from './system-disk-parameters.ts'
import { WorkQueue } from './work-queue.ts'

/** Instances of an account in one region. */
const QUOTA = 50

/** @throws ActionError when the type does not exist, is not sold in the zone, or is sold out there */
export function checkInstanceType(
  state: ComputeState,
  id: string | undefined,
  zoneId: string,
): InstanceType {
  const type = state.catalogue.instanceType(id ?? '')
  if (!type) throw refuse('InvalidInstanceType.ValueNotSupported')
  if (!state.catalogue.typesOffered(zoneId).includes(type)) {
    throw refuse('InvalidInstanceType.NotSupported')
  }
  if (!state.catalogue.inStock(type.id, zoneId)) throw refuse('OperationDenied.NoStock')
  return type
}

function requireVSwitch(state: ComputeState, call: ActionCall, region: string): VSwitch {
  const { VSwitchId, ZoneId } = call.parameters
  if (!VSwitchId) throw refuse('MissingParameter.VSwitchId')
  const vSwitch = state.vSwitches.find(VSwitchId, region)
  if (!vSwitch) throw refuse('InvalidVSwitchId.NotFound')
  if (vSwitch.status !== 'Available') throw refuse('IncorrectVSwitchStatus')
  if (ZoneId && !state.catalogue.zones(region).includes(ZoneId)) {
    throw refuse('InvalidZoneId.NotFound')
  }
  if (ZoneId && ZoneId !== vSwitch.zoneId) throw refuse('InvalidParameter.Conflict')
  return vSwitch
}

function checkGroups(state: ComputeState, call: ActionCall, vSwitch: VSwitch): string[] {
  const { SecurityGroupId } = call.parameters
  const listed = listOf(call.parameters, 'SecurityGroupIds')
  const ids = [...new Set(SecurityGroupId ? [SecurityGroupId, ...listed] : listed)]
  if (ids.length === 0) throw refuse('MissingParameter.SecurityGroupId')
  for (const id of ids) {
    const group = state.securityGroups.find(id, vSwitch.region)
    if (!group) throw refuse('InvalidSecurityGroupId.NotFound')
    if (group.vpcId !== vSwitch.vpcId) throw refuse('InvalidSecurityGroupId.VPCMismatch')
  }
  return ids
}

/** @throws ActionError when the address is not one that the vSwitch has free */
export function pickAddress(
  state: ComputeState,
  vSwitch: VSwitch,
  wanted: string | undefined,
): string {
  const taken = new Set(
    state.interfaces
      .all()
      .filter(({ vSwitchId }) => vSwitchId === vSwitch.id)
      .map(({ privateIp }) => privateIp),
  )
  if (wanted) {
    const address = parseIpv4(wanted)
    if (address === undefined || !isAssignable(vSwitch, address)) {
      throw refuse('InvalidPrivateIpAddress.Malformed')
    }
    if (taken.has(wanted)) throw refuse('InvalidPrivateIpAddress.Duplicated')
    return wanted
  }
  const free = freeAddress(vSwitch, taken)
  if (free === undefined) throw refuse('InvalidVSwitchId.IpNotEnough')
  return free
}

function checkTruth(text: string | undefined): boolean {
  const value = truth(text ?? 'false')
  if (value === undefined) throw refuse('InvalidParameter')
  return value
}

function checkHopLimit(text: string | undefined): number {
  const limit = wholeNumber(text ?? '1')
  if (limit === undefined || limit < 1 || limit > 64) {
    throw refuse('InvalidHttpPutResponseHopLimit')
  }
  return limit
}

function checkCharges(parameters: ActionCall['parameters']): string {
  if ((parameters.InstanceChargeType ?? 'PostPaid') !== 'PostPaid') {
    throw refuse('InvalidInstanceChargeType.ValueNotSupported')
  }
  if ((wholeNumber(parameters.InternetMaxBandwidthOut ?? '0') ?? -1) !== 0) {
    throw refuse('InvalidInternetMaxBandwidthOut.ValueNotSupported')
  }
  const strategy = parameters.SpotStrategy ?? 'NoSpot'
  if (!['NoSpot', 'SpotAsPriceGo', 'SpotWithPriceLimit'].includes(strategy)) {
    throw refuse('InvalidSpotStrategy')
  }
  return strategy
}

function plan(state: ComputeState, call: ActionCall): Instance {
  const { parameters } = call
  const region = requireRegion(state, call)
  const vSwitch = requireVSwitch(state, call, region)
  const type = checkInstanceType(state, parameters.InstanceType, vSwitch.zoneId)
  const image = state.catalogue.image(parameters.ImageId ?? '')
  if (!image) throw refuse('InvalidImageId.NotFound')
  if (image.architecture !== type.architecture) throw refuse('ImageNotSupportInstanceType')
  const securityGroupIds = checkGroups(state, call, vSwitch)
  const category = checkDiskCategory(parameters['SystemDisk.Category'], type)
  const level = checkPerformanceLevel(parameters['SystemDisk.PerformanceLevel'], category)
  const size = checkDiskSize(parameters['SystemDisk.Size'], category, level, image)
  const spotStrategy = checkCharges(parameters)
  if (parameters.Password) checkPassword(parameters.Password)
  if (parameters.KeyPairName) throw refuse('InvalidKeyPair.NotFound')
  if (parameters.RamRoleName) checkRole(state, parameters.RamRoleName)
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
      httpEndpoint: checkHttpEndpoint(parameters.HttpEndpoint ?? 'enabled'),
      httpTokens: checkHttpTokens(parameters.HttpTokens ?? 'optional'),
      hopLimit: checkHopLimit(parameters.HttpPutResponseHopLimit),
    },
    power: new WorkQueue(),
    status: 'Pending',
    releasing: false,
    fault: undefined,
    startedAt: undefined,
    name: parameters.InstanceName ? checkInstanceName(parameters.InstanceName) : id,
    description: checkDescription(parameters.Description ?? ''),
    hostName: parameters.HostName ? checkHostName(parameters.HostName) : `iZ${id.slice(2)}Z`,
    userData: checkUserData(parameters.UserData ?? ''),
    hasPassword: Boolean(parameters.Password) || checkTruth(parameters.PasswordInherit),
    type,
    image,
    disk: newSystemDisk(region, {
      createdAt: call.now,
      category,
      imageId: image.id,
      encrypted: checkTruth(parameters['SystemDisk.Encrypted']),
      size,
      performanceLevel: level,
      name: parameters['SystemDisk.DiskName'] ?? '',
      description: parameters['SystemDisk.Description'] ?? '',
      tags: new Map(),
    }),
    ramRoleName: parameters.RamRoleName || undefined,
    deletionProtection: checkTruth(parameters.DeletionProtection),
    creditSpecification: type.burstable ? (parameters.CreditSpecification ?? 'Standard') : '',
    stoppedMode: 'Not-applicable',
  }
}

/** Makes one instance and powers it on. With DryRun it says what would be refused, and makes none. */
export function runInstances(state: ComputeState): Action {
  return {
    permission: 'ecs:RunInstances',
    parameters: {
      RegionId: 'required',
      ClientToken: 'optional',
      DryRun: 'optional',
      Amount: 'optional',
      InstanceType: 'required',
      ImageId: 'required',
      ZoneId: 'optional',
      VSwitchId: 'required',
      PrivateIpAddress: 'optional',
      SecurityGroupId: 'optional',
      'SecurityGroupIds.N': 'optional',
      InstanceName: 'optional',
      Description: 'optional',
      HostName: 'optional',
      Password: 'optional',
      PasswordInherit: 'optional',
      KeyPairName: 'optional',
      UserData: 'optional',
      RamRoleName: 'optional',
      InstanceChargeType: 'optional',
      InternetChargeType: 'optional',
      InternetMaxBandwidthOut: 'optional',
      SpotStrategy: 'optional',
      CreditSpecification: 'optional',
      DeletionProtection: 'optional',
      SecurityEnhancementStrategy: 'optional',
      HttpEndpoint: 'optional',
      HttpTokens: 'optional',
      HttpPutResponseHopLimit: 'optional',
      'SystemDisk.Category': 'optional',
      'SystemDisk.Size': 'optional',
      'SystemDisk.PerformanceLevel': 'optional',
      'SystemDisk.DiskName': 'optional',
      'SystemDisk.Description': 'optional',
      'SystemDisk.Encrypted': 'optional',
      'Tag.N.Key': 'optional',
      'Tag.N.Value': 'optional',
    },
    handle(call) {
      if ((call.parameters.Amount ?? '1') !== '1') throw refuse('InvalidAmount.NotSupported')
      const instance = plan(state, call)
      if (state.instances.in(instance.region).length >= QUOTA) {
        throw refuse('QuotaExceed.ElasticQuota')
      }
      if (checkTruth(call.parameters.DryRun)) throw refuse('DryRunOperation')
      state.instances.add(instance)
      state.interfaces.add(instance.networkInterface)
      launch(state, instance)
      return { InstanceIdSets: { InstanceIdSet: [instance.id] } }
    },
  }
}
