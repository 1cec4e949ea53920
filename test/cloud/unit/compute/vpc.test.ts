import { describe, expect, test } from 'vitest'
import { ACCOUNT, account, layNetwork, pass, REGION, text, useAccount } from './account.ts'
import answers from './answers.json' with { type: 'json' }

useAccount()

test('a VPC is Pending, then Available, and shown with its router and route table', async () => {
  const made = await account.vpc('CreateVpc', {
    CidrBlock: '10.0.0.0/8',
    VpcName: 'photos',
    Description: 'of the demo',
    EnableDnsHostname: 'true',
    'Tag.1.Key': 'app',
    'Tag.1.Value': 'oss',
  })
  expect(made).toEqual({
    VpcId: expect.stringMatching(/^vpc-t4n[a-z0-9]{17}$/),
    VRouterId: expect.stringMatching(/^vrt-t4n[a-z0-9]{17}$/),
    RouteTableId: expect.stringMatching(/^vtb-t4n[a-z0-9]{17}$/),
    ResourceGroupId: 'rg-acfmxazb4ph6aiy',
  })
  const VpcId = await text(made, 'VpcId')
  const VRouterId = await text(made, 'VRouterId')
  const RouteTableId = await text(made, 'RouteTableId')
  expect(await account.vpc('DescribeVpcAttribute', { VpcId })).toMatchObject({ Status: 'Pending' })
  await pass(1500)
  expect(await account.vpc('DescribeVpcAttribute', { VpcId })).toEqual({
    ...answers.vpc,
    VpcId,
    RegionId: REGION,
    VRouterId,
    OwnerId: Number(ACCOUNT),
  })
  expect(await account.vpc('DescribeRouteTableList', { VpcId })).toMatchObject({
    TotalCount: 1,
    RouterTableList: {
      RouterTableListType: [
        { RouteTableId, RouterId: VRouterId, RouteTableType: 'System', VpcId, Status: 'Available' },
      ],
    },
  })
})

test('VPCs are listed by name', async () => {
  await account.vpc('CreateVpc', { VpcName: 'one' })
  const VpcId = await text(account.vpc('CreateVpc', { VpcName: 'two' }), 'VpcId')
  expect(await account.vpc('DescribeVpcs', { VpcName: 'two' })).toMatchObject({
    TotalCount: 1,
    Vpcs: { Vpc: [{ VpcId, VpcName: 'two' }] },
  })
  expect(await account.vpc('DescribeVpcs', { VpcName: 'three' })).toMatchObject({ TotalCount: 0 })
})

test('without a block a VPC takes 172.16.0.0/12', async () => {
  const VpcId = await text(account.vpc('CreateVpc'), 'VpcId')
  expect(await account.vpc('DescribeVpcAttribute', { VpcId })).toMatchObject({
    CidrBlock: '172.16.0.0/12',
    DnsHostnameStatus: 'DISABLED',
  })
})

describe('a VPC is refused', () => {
  test.each([
    ['192.168.0.1/16', 'host bits set'],
    ['192.168.0.0', 'no length'],
    ['192.168.0.0/29', 'too small'],
    ['0.0.0.0/7', 'too large'],
    ['100.64.0.0/10', 'the cloud’s own'],
    ['100.0.0.0/8', 'holds the cloud’s own'],
    ['169.254.1.0/24', 'link-local'],
    ['256.0.0.0/8', 'not an address'],
    ['010.0.0.0/8', 'leading zero'],
  ])('with the block %s: %s', async (CidrBlock) => {
    expect(await account.vpc('CreateVpc', { CidrBlock })).toBe(
      '400 InvalidParameter: Specified CIDR block is not valid',
    )
    expect(account.compute.leftovers()).toEqual([])
  })

  test.each([
    [{ VpcName: 'http://x' }, '400 InvalidVpcName.Malformed: Specified VPC name is not valid.'],
    [{ VpcName: '' }, '400 InvalidVpcName.Malformed: Specified VPC name is not valid.'],
    [
      { Description: 'https://x' },
      '400 InvalidVpcDiscription.Malformed: Specified VPC description is not valid.',
    ],
    [{ EnableDnsHostname: 'yes' }, '400 InvalidParameter: The specified parameter is not valid.'],
    [
      { 'Tag.1.Key': 'acs:app' },
      '400 InvalidTagKey.Malformed: The specified Tag.n.Key is not valid.',
    ],
    [
      { 'Tag.1.Key': 'a', 'Tag.2.Key': 'a' },
      '400 Duplicate.TagKey: The Tag.N.Key contain duplicate key.',
    ],
    [
      { Ipv4CidrMask: '24' },
      '400 InvalidParameter.Unknown: The action CreateVpc has no parameter Ipv4CidrMask.',
    ],
  ])('with %o', async (parameters, refusal) => {
    expect(await account.vpc('CreateVpc', parameters)).toBe(refusal)
    expect(account.compute.leftovers()).toEqual([])
  })

  test('beyond ten in a region', async () => {
    for (let count = 0; count < 10; count++) await account.vpc('CreateVpc')
    expect(await account.vpc('CreateVpc')).toBe('400 QuotaExceeded.Vpc: VPC quota exceeded.')
  })
})

describe('a client token', () => {
  test('answers the same call again without making a second VPC', async () => {
    const first = await account.vpc('CreateVpc', { ClientToken: 'once', VpcName: 'a' })
    expect(await account.vpc('CreateVpc', { ClientToken: 'once', VpcName: 'a' })).toEqual(first)
    expect(account.compute.leftovers()).toEqual([`vpc ${await text(first, 'VpcId')}`])
  })

  test('is refused for a call that differs', async () => {
    await account.vpc('CreateVpc', { ClientToken: 'once', VpcName: 'a' })
    expect(await account.vpc('CreateVpc', { ClientToken: 'once', VpcName: 'b' })).toBe(
      '400 IdempotentParameterMismatch: Request uses a client token in a previous request but is not identical to that request.',
    )
  })

  test('may be used again after a refusal', async () => {
    const refused = { ClientToken: 'once', CidrBlock: '1.2.3.4' }
    expect(await account.vpc('CreateVpc', refused)).toMatch(/^400 InvalidParameter/)
    expect(await account.vpc('CreateVpc', { ClientToken: 'once' })).toHaveProperty('VpcId')
  })

  test('is forgotten after a day', async () => {
    const first = await text(account.vpc('CreateVpc', { ClientToken: 'once' }), 'VpcId')
    await pass(24 * 60 * 60 * 1000)
    const second = await text(account.vpc('CreateVpc', { ClientToken: 'once' }), 'VpcId')
    expect(second).not.toBe(first)
  })

  test('is at most 64 ASCII characters', async () => {
    expect(await account.vpc('CreateVpc', { ClientToken: 'é' })).toBe(
      '400 InvalidClientToken.Malformed: The specified parameter "ClientToken" is not valid.',
    )
  })
})

describe('DeleteVpc', () => {
  test('leaves nothing, and 404 afterwards', async () => {
    const VpcId = await text(account.vpc('CreateVpc'), 'VpcId')
    expect(await account.vpc('DeleteVpc', { VpcId })).toBe(
      '400 IncorrectVpcStatus: Current VPC status does not support this operation.',
    )
    await pass()
    expect(await account.vpc('DeleteVpc', { VpcId })).toEqual({})
    const gone = '404 InvalidVpcId.NotFound: Specified VPC does not exist.'
    expect(await account.vpc('DescribeVpcAttribute', { VpcId })).toBe(gone)
    expect(await account.vpc('DeleteVpc', { VpcId })).toBe(gone)
    expect(await account.vpc('DescribeRouteTableList', { VpcId })).toMatchObject({
      TotalCount: 0,
      RouterTableList: { RouterTableListType: [] },
    })
    expect(account.compute.leftovers()).toEqual([])
  })

  test('waits for vSwitches, a moment longer than they are shown, and for groups', async () => {
    const { vpcId: VpcId, vSwitchId, groupId } = await layNetwork()
    const refusal = '400 DependencyViolation.VSwitch: Specified object has dependent resources'
    expect(await account.vpc('DeleteVpc', { VpcId })).toBe(refusal)
    await account.vpc('DeleteVSwitch', { VSwitchId: vSwitchId })
    expect(await account.vpc('DescribeVSwitchAttributes', { VSwitchId: vSwitchId })).toMatch(/^404/)
    expect(await account.vpc('DeleteVpc', { VpcId })).toBe(refusal)
    await pass(1000)
    expect(await account.vpc('DeleteVpc', { VpcId })).toBe(
      '400 DependencyViolation.SecurityGroup: Specified object has dependent resources SecurityGroup.',
    )
    await account.ecs('DeleteSecurityGroup', { SecurityGroupId: groupId })
    expect(await account.vpc('DeleteVpc', { VpcId })).toEqual({})
    expect(account.compute.leftovers()).toEqual([])
  })
})
