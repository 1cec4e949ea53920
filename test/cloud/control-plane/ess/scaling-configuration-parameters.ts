import type { ActionCall, ActionParameters } from '../action.ts'
import { SYSTEM_DISK_PARAMETERS } from '../ecs/system-disk-parameters.ts'
import { listOf } from '../parameter-values.ts'
import { parseTags, type ResourceTags } from '../resource-tags.ts'
import type { EssState } from './ess-state.ts'
import { invalid, refuse } from './refusals.ts'
import type { ScalingConfiguration } from './scaling-configuration.ts'
import type { ScalingGroup } from './scaling-group.ts'
import { flag, numberBetween, oneOf } from './values.ts'

/**
 * System disks of new instances; ECS has more.
 * Source: "CreateScalingConfiguration", ESS 2014-08-28.
 */
const DISK_CATEGORIES = [
  'cloud',
  'ephemeral_ssd',
  'cloud_ssd',
  'cloud_essd',
  'cloud_efficiency',
] as const

/** Instance types of one configuration. */
const MOST_TYPES = 10

/** Parameters of both CreateScalingConfiguration and ModifyScalingConfiguration. */
export const CONFIGURATION_SETTINGS = [
  'ScalingConfigurationName?',
  'ImageId?',
  'ImageName?',
  'InstanceTypes.N?',
  'SecurityGroupId?',
  'SecurityGroupIds.N?',
  'UserData?',
  'RamRoleName?',
  'KeyPairName?',
  'InstanceName?',
  'HostName?',
  'InstanceDescription?',
  'Password?',
  'PasswordInherit?',
  'Tags?',
  'ResourceGroupId?',
  'IoOptimized?',
  'InternetChargeType?',
  'InternetMaxBandwidthIn?',
  'InternetMaxBandwidthOut?',
  'CreditSpecification?',
  'SpotStrategy?',
  'SpotDuration?',
  'DedicatedHostClusterId?',
  'DeletionProtection?',
  'HttpEndpoint?',
  'HttpTokens?',
  'ImageOptions.LoginAsNonRoot?',
  ...SYSTEM_DISK_PARAMETERS,
  'SystemDisk.EncryptAlgorithm?',
  'SystemDisk.KMSKeyId?',
  'SystemDisk.AutoSnapshotPolicyId?',
  'SystemDisk.ProvisionedIops?',
]

/** Reads tags from a JSON object. @throws ActionError */
function parseJsonTags(text: string): ResourceTags {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw invalid('Tags')
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid('Tags')
  const named = Object.entries(value).flatMap(([key, tag], index) => {
    if (typeof tag !== 'string') throw invalid('Tags')
    return [
      [`Tag.${index + 1}.Key`, key],
      [`Tag.${index + 1}.Value`, tag],
    ]
  })
  return parseTags(Object.fromEntries(named))
}

function checkImage(state: EssState, id: string): string {
  if (!state.compute.catalogue.image(id)) throw refuse('InvalidImageId.NotFound')
  return id
}

function checkTypes(state: EssState, types: string[]): string[] {
  if (types.length === 0) throw refuse('MissingParameter', 'InstanceTypes are missing.')
  if (types.length > MOST_TYPES) throw invalid('InstanceTypes')
  for (const type of types) {
    if (!state.compute.catalogue.instanceType(type)) throw invalid('InstanceType')
  }
  return types
}

function checkGroups(state: EssState, group: ScalingGroup, ids: string[]): string[] {
  if (ids.length === 0) throw refuse('MissingParameter', 'SecurityGroupId is missing.')
  for (const id of ids) {
    const securityGroup = state.compute.securityGroups.get(id)
    if (!securityGroup) throw refuse('InvalidSecurityGroupId.NotFound')
    if (securityGroup.vpcId !== group.vpcId) throw refuse('InvalidSecurityGroupId.VPCMismatch')
  }
  return ids
}

function checkUserData(text: string): string {
  const decoded = Buffer.from(text, 'base64')
  if (decoded.toString('base64') !== text) throw invalid('UserData')
  if (decoded.length > 32 * 1024) throw invalid('UserData')
  return text
}

function checkRole(state: EssState, name: string): string {
  if (name !== '' && !state.compute.roles.trustsEcs(name)) throw refuse('InvalidRamRole.NotFound')
  return name
}

/** Refuses parameters that are not simulated. @throws ActionError */
function refuseOthers(parameters: ActionParameters): void {
  if (parameters.KeyPairName) throw refuse('InvalidKeyPairName.NotFound')
  const others = [
    'ImageName',
    'DedicatedHostClusterId',
    'SystemDisk.KMSKeyId',
    'SystemDisk.AutoSnapshotPolicyId',
    'SystemDisk.EncryptAlgorithm',
  ]
  for (const name of others) if (parameters[name]) throw invalid(name)
  if (flag(parameters, 'ImageOptions.LoginAsNonRoot')) {
    throw invalid('ImageOptions.LoginAsNonRoot')
  }
  oneOf(parameters, 'IoOptimized', ['optimized'])
  oneOf(parameters, 'SpotStrategy', ['NoSpot'])
}

/** The settings that new instances get. */
export type ConfigurationSettings = Omit<
  ScalingConfiguration,
  'id' | 'region' | 'createdAt' | 'scalingGroupId' | 'name'
>

/**
 * Reads the settings that new instances of a group get.
 *
 * @param before Values of parameters that are absent. @default none
 * @throws ActionError
 */
export function parseConfigurationSettings(
  state: EssState,
  group: ScalingGroup,
  { parameters }: ActionCall,
  before?: ScalingConfiguration,
): ConfigurationSettings {
  refuseOthers(parameters)
  const text = (name: string, usual = '') => parameters[name] ?? usual
  const types = listOf(parameters, 'InstanceTypes').filter((type) => type !== '')
  const listed = listOf(parameters, 'SecurityGroupIds')
  const single = parameters.SecurityGroupId ? [parameters.SecurityGroupId] : []
  const named = listed.length > 0 ? listed : single
  return {
    imageId: checkImage(state, parameters.ImageId || (before?.imageId ?? '')),
    instanceTypes: checkTypes(state, types.length > 0 ? types : (before?.instanceTypes ?? [])),
    securityGroupIds: checkGroups(
      state,
      group,
      named.length > 0 ? named : (before?.securityGroupIds ?? []),
    ),
    securityGroupsListed:
      named.length > 0 ? listed.length > 0 : (before?.securityGroupsListed ?? false),
    userData: checkUserData(text('UserData', before?.userData)),
    ramRoleName: checkRole(state, text('RamRoleName', before?.ramRoleName)),
    instanceName: text('InstanceName', before?.instanceName),
    hostName: text('HostName', before?.hostName),
    description: text('InstanceDescription', before?.description),
    systemDiskSize:
      numberBetween(parameters, 'SystemDisk.Size', [20, 2048]) ?? before?.systemDiskSize,
    systemDiskCategory: oneOf(
      parameters,
      'SystemDisk.Category',
      DISK_CATEGORIES,
      before?.systemDiskCategory ?? '',
    ),
    systemDiskPerformanceLevel: text(
      'SystemDisk.PerformanceLevel',
      before?.systemDiskPerformanceLevel,
    ),
    systemDiskName: text('SystemDisk.DiskName', before?.systemDiskName),
    systemDiskDescription: text('SystemDisk.Description', before?.systemDiskDescription),
    systemDiskEncrypted: flag(
      parameters,
      'SystemDisk.Encrypted',
      before?.systemDiskEncrypted ?? false,
    ),
    internetChargeType: oneOf(
      parameters,
      'InternetChargeType',
      ['PayByTraffic', 'PayByBandwidth'],
      before?.internetChargeType ?? '',
    ),
    internetMaxBandwidthOut: numberBetween(
      parameters,
      'InternetMaxBandwidthOut',
      [0, 100],
      before?.internetMaxBandwidthOut ?? 0,
    ),
    creditSpecification: text('CreditSpecification', before?.creditSpecification),
    securityEnhancementStrategy: text(
      'SecurityEnhancementStrategy',
      before?.securityEnhancementStrategy,
    ),
    spotStrategy: 'NoSpot',
    httpEndpoint: oneOf(
      parameters,
      'HttpEndpoint',
      ['enabled', 'disabled'],
      before?.httpEndpoint ?? '',
    ),
    httpTokens: oneOf(parameters, 'HttpTokens', ['optional', 'required'], before?.httpTokens ?? ''),
    password: text('Password', before?.password),
    passwordInherit: flag(parameters, 'PasswordInherit', before?.passwordInherit ?? false),
    deletionProtection: flag(parameters, 'DeletionProtection', before?.deletionProtection ?? false),
    tags: parameters.Tags ? parseJsonTags(parameters.Tags) : (before?.tags ?? new Map()),
  }
}
