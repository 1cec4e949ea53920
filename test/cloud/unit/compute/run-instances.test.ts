import { expect, test } from 'vitest'
import {
  account,
  DEBIAN,
  DEBIAN_ARM,
  instancesLeft,
  network,
  part,
  REGION,
  runInstances,
  runServer,
  showInstance,
  useNetwork,
} from './account.ts'
import answers from './answers.json' with { type: 'json' }

useNetwork({ existingRoles: ['other-role'] })

test('a server is listed whole', async () => {
  const id = await runServer({
    InstanceName: 'web-server',
    Description: 'of the demo',
    HostName: 'web-1',
    HttpTokens: 'required',
    'Tag.1.Key': 'app',
    'Tag.1.Value': 'oss',
  })
  const { networkInterfaceId, mac } = account.compute.describeMachine(id) ?? {}
  expect(networkInterfaceId).toMatch(/^eni-t4n[a-z0-9]{17}$/)
  expect(mac).toMatch(/^00:16:3e(:[0-9a-f]{2}){3}$/)
  expect(await showInstance(id)).toEqual([
    {
      ...answers.instance,
      InstanceId: id,
      RegionId: REGION,
      ImageId: DEBIAN,
      SerialNumber: id.slice(2),
      SecurityGroupIds: { SecurityGroupId: [network.groupId] },
      VpcAttributes: {
        VpcId: network.vpcId,
        VSwitchId: network.vSwitchId,
        NatIpAddress: '',
        PrivateIpAddress: { IpAddress: ['192.168.1.1'] },
      },
      NetworkInterfaces: {
        NetworkInterface: [
          {
            NetworkInterfaceId: networkInterfaceId,
            Type: 'Primary',
            MacAddress: mac,
            PrimaryIpAddress: '192.168.1.1',
            PrivateIpSets: {
              PrivateIpSet: [{ PrivateIpAddress: '192.168.1.1', Primary: true }],
            },
          },
        ],
      },
    },
  ])
})

test('names follow the id where none is given, and tokens are optional', async () => {
  const id = await runServer()
  expect(id).toMatch(/^i-t4n[a-z0-9]{17}$/)
  expect(await showInstance(id)).toMatchObject([
    {
      InstanceName: id,
      HostName: `iZ${id.slice(2)}Z`,
      MetadataOptions: { HttpEndpoint: 'enabled', HttpTokens: 'optional' },
    },
  ])
})

test('the machine is told all of itself', async () => {
  const script = '#!/bin/sh\necho "grüße"\n'
  const id = await runServer({
    UserData: Buffer.from(script).toString('base64'),
    HostName: 'web-1',
    RamRoleName: 'server-role',
  })
  expect(account.compute.describeMachine(id)).toEqual({
    instanceId: id,
    region: REGION,
    zoneId: 'ap-southeast-1c',
    imageId: DEBIAN,
    instanceType: 'ecs.e-c1m2.large',
    hostName: 'web-1',
    privateIp: '192.168.1.1',
    mac: expect.stringMatching(/^00:16:3e:/),
    vpcId: network.vpcId,
    vSwitchId: network.vSwitchId,
    securityGroupIds: [network.groupId],
    userData: script,
    status: 'Running',
    fault: undefined,
    metadata: { httpEndpoint: 'enabled', httpTokens: 'optional', hopLimit: 1 },
    ramRoleName: 'server-role',
    instanceName: id,
    networkInterfaceId: expect.stringMatching(/^eni-/),
    vSwitchCidrBlock: '192.168.1.0/24',
    vpcCidrBlock: '192.168.0.0/16',
    eip: undefined,
  })
  expect(account.compute.instanceRole(id)).toBe('server-role')
})

test('the hop limit of metadata reads 0, whatever was set', async () => {
  const id = await runServer({ HttpPutResponseHopLimit: '1' })
  expect(await part(showInstance(id), 0, 'MetadataOptions')).toEqual({
    HttpEndpoint: 'enabled',
    HttpTokens: 'optional',
    HttpPutResponseHopLimit: 0,
  })
})

test('user data and disk are given back', async () => {
  const UserData = Buffer.from('#cloud-config\n').toString('base64')
  const InstanceId = await runServer({
    UserData,
    'SystemDisk.Size': '30',
    'SystemDisk.DiskName': 'root',
  })
  expect(await account.ecs('DescribeUserData', { InstanceId })).toEqual({
    RegionId: REGION,
    InstanceId,
    UserData,
  })
  const disks = await account.ecs('DescribeDisks', { InstanceId, DiskType: 'system' })
  expect(await part(disks, 'Disks', 'Disk')).toMatchObject([
    {
      ...answers.disk,
      DiskId: expect.stringMatching(/^d-t4n[a-z0-9]{17}$/),
      InstanceId,
      ImageId: DEBIAN,
    },
  ])
  const none = await account.ecs('DescribeDisks', { InstanceId, DiskType: 'data' })
  expect(none).toMatchObject({ TotalCount: 0, Disks: { Disk: [] } })
})

test('a disk is 40 GiB, and a cloud_essd PL1, where nothing else is said', async () => {
  const InstanceId = await runServer({
    InstanceType: 'ecs.g7.large',
    'SystemDisk.Category': 'cloud_essd',
  })
  const disks = account.ecs('DescribeDisks', { InstanceId })
  expect(await part(disks, 'Disks', 'Disk', 0)).toMatchObject({ Size: 40, PerformanceLevel: 'PL1' })
})

test('an Arm type boots an Arm image', async () => {
  const id = await runServer({
    InstanceType: 'ecs.c8y.large',
    ImageId: DEBIAN_ARM,
    'SystemDisk.Category': 'cloud_essd',
  })
  expect(await showInstance(id)).toMatchObject([{ ImageId: DEBIAN_ARM }])
})

test('servers of a vSwitch have addresses of their own', async () => {
  const first = await runServer()
  const chosen = await runServer({ PrivateIpAddress: '192.168.1.200' })
  const second = await runServer()
  const addresses = [first, chosen, second].map(
    (id) => account.compute.describeMachine(id)?.privateIp,
  )
  expect(addresses).toEqual(['192.168.1.1', '192.168.1.200', '192.168.1.2'])
})

test('a client token makes one server of two calls', async () => {
  const first = await runInstances({ ClientToken: 'once' })
  expect(await runInstances({ ClientToken: 'once' })).toEqual(first)
  expect(instancesLeft()).toHaveLength(2)
})

test('a dry run says that a server could be made, or why not, and makes none', async () => {
  expect(await runInstances({ DryRun: 'true' })).toBe(
    '400 DryRunOperation: Request validation has been passed with DryRun flag set.',
  )
  expect(await runInstances({ DryRun: 'true', ImageId: 'none' })).toBe(
    '404 InvalidImageId.NotFound: The specified ImageId does not exist.',
  )
  expect(instancesLeft()).toEqual([])
})
