import { describe, expect, test } from 'vitest'
import {
  account,
  DEBIAN_ARM,
  instancesLeft,
  layNetwork,
  network,
  pass,
  runInstances,
  runServer,
  serverParameters,
  text,
  useNetwork,
} from './account.ts'

useNetwork({ existingRoles: ['other-role'] })

const password = '400 InvalidPassword.Malformed: The specified parameter "Password" is not valid.'
const hostName = '400 InvalidHostName.Malformed: The specified parameter "HostName" is not valid.'
const category =
  '400 InvalidSystemDiskCategory.ValueNotSupported: The specified parameter "SystemDisk.Category" is not valid.'

describe('RunInstances refuses', () => {
  test.each([
    [
      { InstanceType: 'ecs.huge.large' },
      '403 InvalidInstanceType.ValueNotSupported: The specified InstanceType beyond the permitted range.',
    ],
    [
      { InstanceType: 'ecs.t6-c1m1.large' },
      '403 InvalidResourceType.NotSupported: user order resource type [vpc][ecs.t6-c1m1.large] not exists in [ap-southeast-1c]',
    ],
    [{ ImageId: 'none' }, '404 InvalidImageId.NotFound: The specified ImageId does not exist.'],
    [
      { ImageId: DEBIAN_ARM },
      '400 InvalidParameter.Conflict: The specified image does not support the specified instance type.',
    ],
    [
      { VSwitchId: 'vsw-none' },
      '404 InvalidVSwitchId.NotFound: Specified virtual switch does not exist.',
    ],
    [
      { ZoneId: 'ap-southeast-1z' },
      '404 InvalidZoneId.NotFound: The ZoneId provided does not exist in our records.',
    ],
    [
      { ZoneId: 'ap-southeast-1a' },
      '400 InvalidParameter: The specified parameter "ZoneId" is not valid.',
    ],
    [
      { 'SecurityGroupIds.1': 'sg-none' },
      '404 InvalidSecurityGroupId.NotFound: The specified SecurityGroupId does not exist.',
    ],
    [{ 'SystemDisk.Category': 'cloud_auto' }, category],
    [{ 'SystemDisk.Category': 'floppy' }, category],
    [
      { 'SystemDisk.Size': 'big' },
      '400 InvalidSystemDiskSize.ValueNotSupported: The specified parameter SystemDisk.Size is invalid.',
    ],
    [
      { 'SystemDisk.Size': '9' },
      '404 InvalidSystemDiskSize.LessThanMinSize: The specified parameter SystemDisk.Size is less than the min size.',
    ],
    [
      { 'SystemDisk.Size': '19' },
      '404 InvalidSystemDiskSize.LessThanImageSize: The specified parameter SystemDisk.Size is less than the image size.',
    ],
    [
      { 'SystemDisk.Size': '2049' },
      '404 InvalidSystemDiskSize.MoreThanMaxSize: The specified parameter SystemDisk.Size is more than the max size.',
    ],
    [
      { 'SystemDisk.PerformanceLevel': 'PL1' },
      '400 InvalidPerformanceLevel.Malformed: The specified parameter SystemDisk.PerformanceLevel is not valid.',
    ],
    [
      { InstanceName: '-web' },
      '400 InvalidInstanceName.Malformed: The specified parameter "InstanceName" is not valid.',
    ],
    [
      { Description: 'http://x' },
      '400 InvalidDescription.Malformed: The specified parameter "Description" is not valid.',
    ],
    [{ HostName: 'a' }, hostName],
    [{ HostName: '-web' }, hostName],
    [{ HostName: 'web..1' }, hostName],
    [{ HostName: 'web--1' }, hostName],
    [{ HostName: 'web_1' }, hostName],
    [{ Password: 'Short1!' }, password],
    [{ Password: 'onlylowercase1' }, password],
    [{ Password: 'Non-ascii-1é' }, password],
    [{ Password: `Aa1${'x'.repeat(28)}` }, password],
    [
      { Password: 'Correct-1', PasswordInherit: 'true' },
      '400 InvalidPasswordParam.Mismatch: The input password should be null when passwdInherit is true.',
    ],
    [
      { UserData: '#!/bin/sh' },
      '400 InvalidUserData.Base64FormatInvalid: The specified UserData is not valid.',
    ],
    [
      { UserData: Buffer.alloc(32 * 1024 + 1).toString('base64') },
      '400 InvalidUserData.SizeExceeded: The specified parameter "UserData" exceeds the size.',
    ],
    [
      { RamRoleName: 'no-role' },
      '404 InvalidRamRole.NotFound: The specified RAMRoleName does not exist.',
    ],
    [
      { RamRoleName: 'other-role' },
      '401 InvalidRamRole.NotEcsRole: The specified ram role is not authorized for ecs, please check your role policy.',
    ],
    [
      { KeyPairName: 'mine' },
      '404 InvalidKeyPairName.NotFound: The specified parameter KeyPairName does not exist in our records.',
    ],
    [
      { HttpTokens: 'always' },
      '400 InvalidHttpTokens.NotSupported: The specified HttpTokens not supported, you can use optional(default) or required.',
    ],
    [
      { HttpEndpoint: 'off' },
      '400 InvalidHttpEndpoint.NotSupported: The specified HttpEndpoint not supported, you can use enabled(default) or disabled.',
    ],
    [
      { HttpPutResponseHopLimit: '65' },
      '400 InvalidHttpPutResponseHopLimit.NotSupported: The specified HttpPutResponseHopLimit not supported, more than 1 and less than 64 is reasonable.',
    ],
    [
      { InstanceChargeType: 'PrePaid' },
      '403 InvalidPayMethod: The specified pay method is not valid.',
    ],
    [
      { InstanceChargeType: 'Free' },
      '404 InvalidInstanceChargeType.NotFound: The InstanceChargeType does not exist in our records.',
    ],
    [
      { InternetMaxBandwidthOut: '101' },
      '400 InvalidParameter: The specified parameter "InternetMaxBandwidthOut" is not valid.',
    ],
    [
      { SpotStrategy: 'Cheap' },
      '400 InvalidSpotStrategy: The specified SpotStrategy is not valid.',
    ],
    [
      { PrivateIpAddress: '192.168.1' },
      '400 InvalidPrivateIpAddress.Malformed: Specified private IP address is malformed.',
    ],
    [
      { PrivateIpAddress: '192.168.2.1' },
      '400 InvalidPrivateIpAddress: Specified private IP address is not in the CIDR block of virtual switch.',
    ],
    [
      { PrivateIpAddress: '192.168.1.253' },
      '400 InvalidPrivateIpAddress: Specified private IP address is not in the CIDR block of virtual switch.',
    ],
    [
      { Amount: '2' },
      '403 InvalidParam.Amount: Instances are made one at a time here: Amount must be 1.',
    ],
    [{ DryRun: 'maybe' }, '400 InvalidParameter: The specified parameter is not valid.'],
    [
      { 'DataDisk.1.Size': '20' },
      '400 InvalidParameter.Unknown: The action RunInstances has no parameter DataDisk.1.Size.',
    ],
  ])('%o', async (parameters, refusal) => {
    expect(await runInstances(parameters)).toBe(refusal)
    expect(instancesLeft()).toEqual([])
  })

  test('no category, where the type does not take the default', async () => {
    const { 'SystemDisk.Category': _, ...rest } = serverParameters()
    expect(await account.ecs('RunInstances', rest)).toBe(category)
  })

  test('no security group, and one of another VPC', async () => {
    const { 'SecurityGroupIds.1': _, ...rest } = serverParameters()
    expect(await account.ecs('RunInstances', rest)).toBe(
      '400 MissingParameter: The input parameter "SecurityGroupId" that is mandatory for processing this request is not supplied.',
    )
    const { groupId } = network
    await layNetwork()
    expect(await runInstances({ 'SecurityGroupIds.2': groupId })).toBe(
      '400 InvalidParameter.Mismatch: Specified security group and virtual switch are not in the same VPC.',
    )
  })

  test('an address that is taken, and one too many', async () => {
    await runServer({ PrivateIpAddress: '192.168.1.9' })
    expect(await runInstances({ PrivateIpAddress: '192.168.1.9' })).toBe(
      '400 InvalidPrivateIpAddress.Duplicated: Specified private IP address is duplicated.',
    )
    const small = { VpcId: network.vpcId, ZoneId: 'ap-southeast-1c', CidrBlock: '192.168.9.0/29' }
    const VSwitchId = await text(account.vpc('CreateVSwitch', small), 'VSwitchId')
    await pass()
    for (let count = 0; count < 4; count++) await runServer({ VSwitchId })
    expect(await runInstances({ VSwitchId })).toBe(
      "400 QuotaExceeded.PrivateIpAddress: Don't have enough private IPs in this switch.",
    )
  })

  test('a type that is sold out in the zone, until it is in stock again', async () => {
    account.compute.catalogue.sellOut('ecs.e-c1m2.large', 'ap-southeast-1c')
    expect(await runInstances()).toBe(
      '403 OperationDenied.NoStock: The requested resource is sold out in the specified zone; try other types of resources or other regions and zones.',
    )
    account.compute.catalogue.restock('ecs.e-c1m2.large')
    expect(await runInstances()).toHaveProperty('InstanceIdSets')
  })

  test('a vSwitch that is Pending', async () => {
    const block = { ZoneId: 'ap-southeast-1c', CidrBlock: '192.168.8.0/24' }
    const young = account.vpc('CreateVSwitch', { VpcId: network.vpcId, ...block })
    expect(await runInstances({ VSwitchId: await text(young, 'VSwitchId') })).toBe(
      '400 IncorrectVSwitchStatus: The current status of virtual switch does not support this operation.',
    )
  })

  test('the fifty-first', async () => {
    for (let count = 0; count < 50; count++) await runServer()
    expect(await runInstances()).toBe(
      '403 QuotaExceed.ElasticQuota: No additional quota is available for the specified ECS instance type.',
    )
  })
})

test('what is at the limit is taken', async () => {
  const taken = [
    { UserData: Buffer.alloc(32 * 1024).toString('base64') },
    { Password: 'Aa1!aaaa' },
    { Password: `Aa1${'x'.repeat(27)}` },
    { HostName: 'web-1.example' },
    { 'SystemDisk.Size': '20' },
    { 'SystemDisk.Size': '2048' },
    { InstanceName: '网页-1' },
    { HttpPutResponseHopLimit: '64' },
    { PrivateIpAddress: '192.168.1.252' },
  ]
  for (const parameters of taken) {
    expect(await runInstances(parameters)).toHaveProperty('InstanceIdSets')
  }
})
