import { describe, expect, test } from 'vitest'
import {
  account,
  allocateEip,
  network,
  part,
  runServer,
  showEip,
  showInstance,
  text,
  useNetwork,
} from './account.ts'

useNetwork()

const APP = { 'Tag.1.Key': 'app', 'Tag.1.Value': 'oss', 'Tag.2.Key': 'empty', 'Tag.2.Value': '' }

test('VPC resources of every kind are tagged and untagged', async () => {
  const eip = (await allocateEip()).id
  const ids = { VPC: network.vpcId, VSWITCH: network.vSwitchId, EIP: eip }
  const tagsOf = {
    VPC: () => account.vpc('DescribeVpcAttribute', { VpcId: network.vpcId }),
    VSWITCH: () => account.vpc('DescribeVSwitchAttributes', { VSwitchId: network.vSwitchId }),
    EIP: () => part(showEip(eip), 0),
  }
  for (const [ResourceType, show] of Object.entries(tagsOf)) {
    const resource = { ResourceType, 'ResourceId.1': ids[ResourceType as keyof typeof ids] }
    expect(await account.vpc('TagResources', { ...resource, ...APP })).toEqual({})
    expect(await part(show(), 'Tags')).toEqual({
      Tag: [
        { Key: 'app', Value: 'oss' },
        { Key: 'empty', Value: '' },
      ],
    })
    await account.vpc('TagResources', { ...resource, 'Tag.1.Key': 'app', 'Tag.1.Value': 'new' })
    expect(await account.vpc('UnTagResources', { ...resource, 'TagKey.1': 'empty' })).toEqual({})
    expect(await part(show(), 'Tags')).toEqual({ Tag: [{ Key: 'app', Value: 'new' }] })
    expect(await account.vpc('UnTagResources', { ...resource, All: 'true' })).toEqual({})
    expect(await part(show(), 'Tags')).toEqual({ Tag: [] })
  }
})

test('ECS resources of every kind are tagged and untagged', async () => {
  const server = await runServer()
  const disks = () => account.ecs('DescribeDisks', { InstanceId: server })
  const diskId = await text(disks(), 'Disks', 'Disk', 0, 'DiskId')
  const eniId = account.compute.describeMachine(server)?.networkInterfaceId ?? ''
  const resources = [
    ['instance', server, () => part(showInstance(server), 0)],
    ['disk', diskId, () => part(disks(), 'Disks', 'Disk', 0)],
    [
      'eni',
      eniId,
      () =>
        part(
          account.ecs('DescribeNetworkInterfaces', { 'NetworkInterfaceId.1': eniId }),
          'NetworkInterfaceSets',
          'NetworkInterfaceSet',
          0,
        ),
    ],
    [
      'securitygroup',
      network.groupId,
      () =>
        part(
          account.ecs('DescribeSecurityGroups', { SecurityGroupId: network.groupId }),
          'SecurityGroups',
          'SecurityGroup',
          0,
        ),
    ],
  ] as const
  for (const [ResourceType, id, show] of resources) {
    const resource = { ResourceType, 'ResourceId.1': id }
    expect(await account.ecs('TagResources', { ...resource, ...APP })).toEqual({})
    expect(await part(show(), 'Tags')).toEqual({
      Tag: [
        { TagKey: 'app', TagValue: 'oss' },
        { TagKey: 'empty', TagValue: '' },
      ],
    })
    const listed = account.ecs('DescribeTags', { ResourceType, ResourceId: id })
    expect(await part(listed, 'Tags', 'Tag')).toHaveLength(2)
    expect(await account.ecs('UntagResources', { ...resource, 'TagKey.1': 'empty' })).toEqual({})
    expect(await part(show(), 'Tags')).toEqual({ Tag: [{ TagKey: 'app', TagValue: 'oss' }] })
    expect(await account.ecs('UntagResources', { ...resource, All: 'true' })).toEqual({})
    expect(await part(show(), 'Tags')).toEqual({ Tag: [] })
  }
})

test('servers are found by their tags', async () => {
  const tagged = await runServer({ 'Tag.1.Key': 'app', 'Tag.1.Value': 'oss' })
  await runServer()
  const found = async (parameters: Record<string, string>) =>
    part(account.ecs('DescribeInstances', parameters), 'TotalCount')
  expect(await found({})).toBe(2)
  expect(await found({ 'Tag.1.Key': 'app' })).toBe(1)
  expect(await found({ 'Tag.1.Key': 'app', 'Tag.1.Value': 'other' })).toBe(0)
  expect(await found({ 'Tag.1.Key': 'app', 'Tag.1.Value': 'oss', Status: 'Running' })).toBe(1)
  expect(tagged).toMatch(/^i-/)
})

test('a public image has no tags', async () => {
  const image = { ResourceType: 'image', ResourceId: 'debian_13_6_x64_20G_alibase_20261110.vhd' }
  expect(await account.ecs('DescribeTags', image)).toEqual({
    PageNumber: 1,
    PageSize: 50,
    TotalCount: 0,
    Tags: { Tag: [] },
  })
})

describe.each([
  ['vpc', 'VPC', 'UnTagResources'],
  ['ecs', 'securitygroup', 'UntagResources'],
] as const)('tags of %s', (product, ResourceType, untag) => {
  function tag(parameters: Record<string, string>): Promise<unknown> {
    const id = product === 'vpc' ? network.vpcId : network.groupId
    return account[product]('TagResources', { ResourceType, 'ResourceId.1': id, ...parameters })
  }

  const key = '400 InvalidTagKey.Malformed: The specified Tag.n.Key is not valid.'
  const value = '400 InvalidTagValue.Malformed: The specified Tag.n.Value is not valid.'

  test.each([
    [{ 'Tag.1.Key': 'aliyun' }, key],
    [{ 'Tag.1.Key': 'acs:x' }, key],
    [{ 'Tag.1.Key': 'http://x' }, key],
    [{ 'Tag.1.Key': 'x'.repeat(129) }, key],
    [{ 'Tag.1.Key': 'x', 'Tag.1.Value': 'y'.repeat(129) }, value],
    [{ 'Tag.1.Key': 'x', 'Tag.1.Value': 'https://y' }, value],
    [
      { 'Tag.1.Key': 'x', 'ResourceId.1': 'none' },
      '404 InvalidResourceId.NotFound: The specified ResourceIds are not found in our records.',
    ],
    [
      { 'Tag.1.Key': 'x', ResourceType: 'snapshot' },
      '404 InvalidResourceType.NotFound: The ResourceType provided does not exist in our records.',
    ],
    [
      { 'Tag.1.Value': 'x' },
      '400 MissingParameter: The input parameter "Tag.N.Key" that is mandatory for processing this request is not supplied.',
    ],
  ])('refuse %o', async (parameters, refusal) => {
    expect(await tag(parameters)).toBe(refusal)
  })

  test('are at most twenty', async () => {
    const twenty = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`Tag.${index + 1}.Key`, `key-${index}`]),
    )
    const tooMany = "400 NumberExceed.Tags: The Tags parameter's number is exceed , Valid : 20"
    expect(await tag({ ...twenty, 'Tag.21.Key': 'more' })).toBe(tooMany)
    expect(await tag(twenty)).toEqual({})
    expect(await tag(twenty)).toEqual({})
    expect(await tag({ 'Tag.1.Key': 'more' })).toBe(
      '400 OperationDenied.QuotaExceed: The quota of tags on resource is beyond permitted range.',
    )
  })

  test('are taken off by name', async () => {
    const id = product === 'vpc' ? network.vpcId : network.groupId
    expect(await account[product](untag, { ResourceType, 'ResourceId.1': id })).toBe(
      '400 MissingParameter.TagKey: The parameter - TagKey should not be null',
    )
  })
})
