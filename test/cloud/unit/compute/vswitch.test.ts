import { beforeEach, describe, expect, test } from 'vitest'
import {
  ACCOUNT,
  account,
  layNetwork,
  network,
  part,
  pass,
  runServer,
  showInstance,
  text,
  useAccount,
} from './account.ts'

let VpcId: string

useAccount()

beforeEach(async () => {
  VpcId = await text(account.vpc('CreateVpc', { CidrBlock: '192.168.0.0/16' }), 'VpcId')
  await pass()
})

function wanted(parameters: Record<string, string> = {}): Record<string, string> {
  return { VpcId, ZoneId: 'ap-southeast-1b', CidrBlock: '192.168.1.0/24', ...parameters }
}

test('a vSwitch is Pending, then Available, with IPv6 said to be off', async () => {
  const name = { VSwitchName: 'front', Description: 'of the demo' }
  const VSwitchId = await text(account.vpc('CreateVSwitch', wanted(name)), 'VSwitchId')
  expect(VSwitchId).toMatch(/^vsw-t4n[a-z0-9]{17}$/)
  expect(await account.vpc('DescribeVSwitchAttributes', { VSwitchId })).toMatchObject({
    Status: 'Pending',
  })
  await pass(1000)
  const tables = await account.vpc('DescribeRouteTableList', { VpcId })
  const table = await part(tables, 'RouterTableList', 'RouterTableListType', 0)
  expect(await account.vpc('DescribeVSwitchAttributes', { VSwitchId })).toEqual({
    VSwitchId,
    VSwitchName: 'front',
    Description: 'of the demo',
    VpcId,
    ZoneId: 'ap-southeast-1b',
    CidrBlock: '192.168.1.0/24',
    Ipv6CidrBlock: '',
    EnabledIpv6: false,
    Status: 'Available',
    CreationTime: '2026-11-24T12:00:10Z',
    IsDefault: false,
    OwnerId: Number(ACCOUNT),
    ResourceGroupId: 'rg-acfmxazb4ph6aiy',
    NetworkAclId: '',
    ShareType: '',
    AvailableIpAddressCount: 252,
    RouteTable: { RouteTableId: await text(table, 'RouteTableId'), RouteTableType: 'System' },
    CloudResources: { CloudResourceSetType: [] },
    Tags: { Tag: [] },
  })
  const VSwitchIds = { VSwitchId: [VSwitchId] }
  expect(await account.vpc('DescribeVpcAttribute', { VpcId })).toMatchObject({ VSwitchIds })
  expect(table).toMatchObject({ VSwitchIds })
})

describe('CreateVSwitch refuses', () => {
  test.each([
    [{ VpcId: 'vpc-none' }, '404 InvalidVpcId.NotFound: Specified VPC does not exist.'],
    [{ ZoneId: 'ap-southeast-1z' }, '404 InvalidZoneId.NotFound: Specified zone does not exist.'],
    [{ ZoneId: 'eu-central-1a' }, '404 InvalidZoneId.NotFound: Specified zone does not exist.'],
    [
      { CidrBlock: '192.168.1.1/24' },
      '400 InvalidCidrBlock.Malformed: Specified CIDR block is not valid.',
    ],
    [
      { CidrBlock: '192.168.1.0/30' },
      '400 InvalidCirdrBlock.MaskLength: Specified CIDR block is not valid .',
    ],
    [
      { CidrBlock: '192.0.0.0/15' },
      '400 InvalidCirdrBlock.MaskLength: Specified CIDR block is not valid .',
    ],
    [
      { CidrBlock: '10.0.0.0/24' },
      '400 InvalidParameter: Specified CIDR block is not valid in VPC.',
    ],
    [
      { VSwitchName: 'http://x' },
      '400 InvalidVSwitchName.Malformed: Specified virtual switch name is not valid.',
    ],
    [
      { Description: 'http://x' },
      '400 InvalidVSwitchDiscription.Malformed: Specified virtual switch description is not valid.',
    ],
    [
      { CidrBlock: '' },
      '400 MissingParameter: The input parameter "CidrBlock" that is mandatory for processing this request is not supplied.',
    ],
  ])('%o', async (parameters, refusal) => {
    expect(await account.vpc('CreateVSwitch', wanted(parameters))).toBe(refusal)
  })

  test('a zone that has been withdrawn', async () => {
    account.compute.catalogue.closeZone('ap-southeast-1b')
    expect(await account.vpc('CreateVSwitch', wanted())).toBe(
      '404 InvalidZoneId.NotFound: Specified zone does not exist.',
    )
  })

  test.each(['192.168.1.0/24', '192.168.0.0/16', '192.168.1.128/25'])(
    'the block %s over 192.168.1.0/24',
    async (CidrBlock) => {
      await account.vpc('CreateVSwitch', wanted())
      await pass()
      expect(await account.vpc('CreateVSwitch', wanted({ CidrBlock }))).toBe(
        '400 InvalidCidrBlock.Overlapped: Specified CIDR block overlapped with other subnets.',
      )
    },
  )

  test('a second one at the same time', async () => {
    await account.vpc('CreateVSwitch', wanted())
    expect(await account.vpc('CreateVSwitch', wanted({ CidrBlock: '192.168.2.0/24' }))).toBe(
      '400 IncorrectVSwitchStatus: VSwitch Creation simultaneously is not supported.',
    )
    await pass()
    const next = await account.vpc('CreateVSwitch', wanted({ CidrBlock: '192.168.2.0/24' }))
    expect(next).toHaveProperty('VSwitchId')
  })

  test('one in a VPC that is Pending', async () => {
    const young = account.vpc('CreateVpc', { CidrBlock: '192.168.0.0/16' })
    const inYoung = wanted({ VpcId: await text(young, 'VpcId') })
    expect(await account.vpc('CreateVSwitch', inYoung)).toBe(
      '400 IncorrectVpcStatus: Current VPC status does not support this operation.',
    )
  })
})

describe('DeleteVSwitch', () => {
  test('waits until the vSwitch is there, then leaves nothing', async () => {
    const VSwitchId = await text(account.vpc('CreateVSwitch', wanted()), 'VSwitchId')
    expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toBe(
      '400 IncorrectVSwitchStatus: The current virtual switch status does not support this operation.',
    )
    await pass()
    expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toEqual({})
    const gone = '404 InvalidVSwitchId.NotFound: VSwitch not exist.'
    expect(await account.vpc('DescribeVSwitchAttributes', { VSwitchId })).toBe(gone)
    expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toBe(gone)
  })

  test('waits for an instance, and for its network interface after it', async () => {
    await layNetwork()
    const instanceId = await runServer()
    const VSwitchId = network.vSwitchId
    expect(await account.vpc('DescribeVSwitchAttributes', { VSwitchId })).toMatchObject({
      AvailableIpAddressCount: 251,
    })
    const refusal = '400 DependencyViolation: Specified object has dependent resources.'
    expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toBe(refusal)
    await account.ecs('DeleteInstance', { InstanceId: instanceId, Force: 'true' })
    // Stopped after 1.5 s and listed no more 2 s later, while the interface stays another second.
    await pass(3500)
    expect(await showInstance(instanceId)).toEqual([])
    expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toBe(refusal)
    await pass(1000)
    expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toEqual({})
  })
})
