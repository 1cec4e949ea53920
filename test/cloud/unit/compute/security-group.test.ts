import { beforeEach, describe, expect, test } from 'vitest'
import { account, layNetwork, network, pass, runServer, text, useAccount } from './account.ts'

let VpcId: string

useAccount()

beforeEach(async () => {
  VpcId = await text(account.vpc('CreateVpc'), 'VpcId')
  await pass()
})

async function newGroup(parameters: Record<string, string> = {}): Promise<string> {
  return text(account.ecs('CreateSecurityGroup', { VpcId, ...parameters }), 'SecurityGroupId')
}

test('a group is listed whole', async () => {
  const SecurityGroupId = await newGroup({
    SecurityGroupName: 'web',
    Description: 'lets the web in',
    'Tag.1.Key': 'app',
    'Tag.1.Value': 'oss',
  })
  expect(SecurityGroupId).toMatch(/^sg-t4n[a-z0-9]{17}$/)
  expect(await account.ecs('DescribeSecurityGroups', { SecurityGroupId })).toEqual({
    RegionId: 'ap-southeast-1',
    PageNumber: 1,
    PageSize: 10,
    TotalCount: 1,
    SecurityGroups: {
      SecurityGroup: [
        {
          SecurityGroupId,
          SecurityGroupName: 'web',
          SecurityGroupType: 'normal',
          Description: 'lets the web in',
          VpcId,
          CreationTime: '2026-11-24T12:00:10Z',
          ResourceGroupId: 'rg-acfmxazb4ph6aiy',
          ServiceManaged: false,
          EcsCount: 0,
          RuleCount: 0,
          Tags: { Tag: [{ TagKey: 'app', TagValue: 'oss' }] },
        },
      ],
    },
  })
  expect(await account.ecs('DescribeSecurityGroupAttribute', { SecurityGroupId })).toEqual({
    RegionId: 'ap-southeast-1',
    SecurityGroupId,
    SecurityGroupName: 'web',
    Description: 'lets the web in',
    VpcId,
    InnerAccessPolicy: 'Accept',
    Permissions: { Permission: [] },
  })
})

describe('CreateSecurityGroup refuses', () => {
  test.each([
    [{ VpcId: 'vpc-none' }, '404 InvalidVpcId.NotFound: Specified VPC does not exist.'],
    [
      { SecurityGroupName: 'x' },
      '400 InvalidSecurityGroupName.Malformed: Specified security group name is not valid.',
    ],
    [
      { SecurityGroupName: '1st' },
      '400 InvalidSecurityGroupName.Malformed: Specified security group name is not valid.',
    ],
    [
      { Description: 'x' },
      '400 InvalidSecurityGroupDiscription.Malformed: Specified security group description is not valid.',
    ],
    [
      { SecurityGroupType: 'basic' },
      '400 InvalidParameter: The specified parameter "SecurityGroupType" is not valid.',
    ],
  ])('%o', async (parameters, refusal) => {
    expect(await account.ecs('CreateSecurityGroup', { VpcId, ...parameters })).toBe(refusal)
  })

  test('a VPC that is Pending', async () => {
    const young = await text(account.vpc('CreateVpc'), 'VpcId')
    expect(await account.ecs('CreateSecurityGroup', { VpcId: young })).toBe(
      '400 IncorrectVpcStatus: Current VPC status does not support this operation.',
    )
  })

  test('more than a hundred', async () => {
    for (let count = 0; count < 100; count++) await newGroup()
    expect(await account.ecs('CreateSecurityGroup', { VpcId })).toBe(
      '403 QuotaExceed.SecurityGroup: The maximum number of security groups is reached.',
    )
  })
})

test('DescribeSecurityGroups finds by id, ids, name and VPC, in pages', async () => {
  const a = await newGroup({ SecurityGroupName: 'aa' })
  const b = await newGroup({ SecurityGroupName: 'bb' })
  const found = async (parameters: Record<string, string>) =>
    JSON.stringify(await account.ecs('DescribeSecurityGroups', parameters)).match(/sg-t4n\w+/g)
  expect(await found({ SecurityGroupId: b })).toEqual([b])
  expect(await found({ SecurityGroupIds: JSON.stringify([a]) })).toEqual([a])
  expect(await found({ SecurityGroupName: 'aa' })).toEqual([a])
  expect(await found({ VpcId })).toEqual([a, b])
  expect(await found({ PageNumber: '2', PageSize: '1' })).toEqual([b])
  expect(await found({ SecurityGroupId: 'sg-none' })).toBeNull()
  for (const wrong of [{ SecurityGroupIds: 'x' }, { PageSize: '0' }]) {
    expect(await account.ecs('DescribeSecurityGroups', wrong)).toBe(
      '400 InvalidParameter: The specified parameter is not valid.',
    )
  }
})

test.each([
  'DescribeSecurityGroupAttribute',
  'DeleteSecurityGroup',
  'AuthorizeSecurityGroup',
  'RevokeSecurityGroup',
])('%s answers 404 for a group that is not there', async (action) => {
  expect(await account.ecs(action, { SecurityGroupId: 'sg-none' })).toBe(
    '404 InvalidSecurityGroupId.NotFound: The specified SecurityGroupId does not exist.',
  )
})

describe('DeleteSecurityGroup', () => {
  test('takes an unused group', async () => {
    const SecurityGroupId = await newGroup()
    expect(await account.ecs('DeleteSecurityGroup', { SecurityGroupId })).toEqual({})
    expect(await account.ecs('DescribeSecurityGroups', { SecurityGroupId })).toMatchObject({
      TotalCount: 0,
      SecurityGroups: { SecurityGroup: [] },
    })
  })

  test('waits for a rule of another group that names it', async () => {
    const named = await newGroup()
    const naming = await newGroup()
    const rule = { IpProtocol: 'tcp', PortRange: '22/22', SourceGroupId: named }
    const permission = Object.fromEntries(
      Object.entries(rule).map(([key, value]) => [`Permissions.1.${key}`, value]),
    )
    await account.ecs('AuthorizeSecurityGroup', { SecurityGroupId: naming, ...permission })
    expect(await account.ecs('DeleteSecurityGroup', { SecurityGroupId: named })).toBe(
      '403 DependencyViolation: The specified security group has been authorized in another one.',
    )
    await account.ecs('RevokeSecurityGroup', { SecurityGroupId: naming, ...rule })
    expect(await account.ecs('DeleteSecurityGroup', { SecurityGroupId: named })).toEqual({})
  })
})

describe('with a server', () => {
  let server: string

  beforeEach(async () => {
    await layNetwork()
    server = await runServer()
  })

  test('a group waits for its last member, and for its network interface', async () => {
    const SecurityGroupId = network.groupId
    const inUse =
      '403 DependencyViolation: There is still instance(s) in the specified security group.'
    expect(await account.ecs('DeleteSecurityGroup', { SecurityGroupId })).toBe(inUse)
    await account.ecs('DeleteInstance', { InstanceId: server, Force: 'true' })
    await pass(4000)
    expect(await account.ecs('DeleteSecurityGroup', { SecurityGroupId })).toBe(inUse)
    await pass(1000)
    expect(await account.ecs('DeleteSecurityGroup', { SecurityGroupId })).toEqual({})
  })
})
