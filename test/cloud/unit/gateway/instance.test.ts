import { once } from 'node:events'
import { request } from 'node:http'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { DEFAULT_DURATIONS, type Durations } from '../../control-plane/durations.ts'
import { callApi, clock, cloud, outcomeOf, useCloud } from './api-client.ts'
import { ram, TRUSTS_ECS } from './ram-calls.ts'

// An instance from its VPC to its page, through the front of the cloud.

const REGION = 'ap-southeast-1'
const AT_ONCE = Object.fromEntries(
  Object.keys(DEFAULT_DURATIONS).map((name) => [name, 0]),
) as unknown as Durations
const ECS = { host: `ecs.${REGION}.aliyuncs.com`, version: '2014-05-26' }
const VPC = { host: `vpc.${REGION}.aliyuncs.com`, version: '2016-04-28' }
let instanceId: string

useCloud({
  durations: AT_ONCE,
  propagationMs: 0,
  unreachableMs: 100,
  instanceCredentialSeconds: 3600,
  web: (visit, _request, response) => response.end(`${visit.instanceId} ${visit.url}`),
})

async function make(action: string, at: typeof ECS, parameters: Record<string, string>) {
  const answer = await callApi(cloud, clock, action, {
    ...at,
    parameters: { RegionId: REGION, ...parameters },
  })
  expect([action, outcomeOf(answer)]).toEqual([action, '200'])
  return answer.body
}

async function makeInstance(): Promise<{ groupId: string }> {
  const { VpcId } = await make('CreateVpc', VPC, { CidrBlock: '192.168.0.0/16' })
  await expect
    .poll(async () => (await make('DescribeVpcAttribute', VPC, { VpcId: String(VpcId) })).Status)
    .toBe('Available')
  const { VSwitchId } = await make('CreateVSwitch', VPC, {
    VpcId: String(VpcId),
    ZoneId: 'ap-southeast-1a',
    CidrBlock: '192.168.0.0/24',
  })
  await expect
    .poll(async () => {
      const asked = { VSwitchId: String(VSwitchId) }
      return (await make('DescribeVSwitchAttributes', VPC, asked)).Status
    })
    .toBe('Available')
  const { SecurityGroupId } = await make('CreateSecurityGroup', ECS, {
    VpcId: String(VpcId),
    SecurityGroupName: 'page',
  })
  const images = await make('DescribeImages', ECS, { ImageOwnerAlias: 'system', PageSize: '100' })
  const image = (images.Images as { Image: { ImageId: string }[] }).Image.find(({ ImageId }) =>
    /^debian_13_.*_x64/.test(ImageId),
  )
  const { InstanceIdSets } = await make('RunInstances', ECS, {
    ImageId: image?.ImageId ?? '',
    InstanceType: 'ecs.u1-c1m1.large',
    VSwitchId: String(VSwitchId),
    'SecurityGroupIds.1': String(SecurityGroupId),
    'SystemDisk.Category': 'cloud_essd',
    'SystemDisk.Size': '20',
  })
  instanceId = (InstanceIdSets as { InstanceIdSet: string[] }).InstanceIdSet[0] ?? ''
  await expect
    .poll(async () => {
      const asked = { InstanceIds: JSON.stringify([instanceId]) }
      const { Instances } = await make('DescribeInstances', ECS, asked)
      return (Instances as { Instance: { Status: string }[] }).Instance[0]?.Status
    })
    .toBe('Running')
  return { groupId: String(SecurityGroupId) }
}

async function makeRole(): Promise<void> {
  await ram('CreateRole', { RoleName: 'reader', AssumeRolePolicyDocument: TRUSTS_ECS })
  const InstanceIds = JSON.stringify([instanceId])
  await make('AttachInstanceRamRole', ECS, { InstanceIds, RamRoleName: 'reader' })
}

test('a page is there once address, association and rule are', async () => {
  const { groupId } = await makeInstance()
  const eip = await make('AllocateEipAddress', VPC, { Bandwidth: '5' })
  const address = String(eip.EipAddress)
  const visit = async (): Promise<string> => {
    const url = `http://${address}/config`
    const sent = request({ port: cloud.proxyPort, path: url, headers: { host: address } }).end()
    const [response] = await once(sent, 'response')
    return text(response)
  }
  await expect(visit()).rejects.toThrow('socket hang up')
  const AllocationId = String(eip.AllocationId)
  await expect
    .poll(async () => {
      const { EipAddresses } = await make('DescribeEipAddresses', VPC, { AllocationId })
      return (EipAddresses as { EipAddress: { Status: string }[] }).EipAddress[0]?.Status
    })
    .toBe('Available')
  await make('AssociateEipAddress', VPC, {
    AllocationId,
    InstanceId: instanceId,
    InstanceType: 'EcsInstance',
  })
  await expect(visit()).rejects.toThrow('socket hang up')
  await make('AuthorizeSecurityGroup', ECS, {
    SecurityGroupId: groupId,
    'Permissions.1.IpProtocol': 'tcp',
    'Permissions.1.PortRange': '80/80',
    'Permissions.1.SourceCidrIp': '198.51.100.0/24',
    'Permissions.1.Policy': 'accept',
    'Permissions.1.Priority': '1',
    'Permissions.1.NicType': 'intranet',
  })
  expect(await visit()).toBe(`${instanceId} /config`)
})

describe("an instance's credentials", () => {
  test('are there once it has a role, and gone with it', async () => {
    await makeInstance()
    expect(cloud.roleCredentials(instanceId)).toBe(undefined)
    expect(cloud.roleCredentials('i-none')).toBe(undefined)
    await makeRole()
    expect(cloud.roleCredentials(instanceId)).toEqual({
      AccessKeyId: expect.stringMatching(/^STS\.N/),
      AccessKeySecret: expect.any(String),
      SecurityToken: expect.stringMatching(/^CAIS/),
      Expiration: '2026-11-24T13:00:00Z',
      LastUpdated: '2026-11-24T12:00:00Z',
      Code: 'Success',
    })
    const InstanceIds = JSON.stringify([instanceId])
    await make('DetachInstanceRamRole', ECS, { InstanceIds, RamRoleName: 'reader' })
    expect(cloud.roleCredentials(instanceId)).toBe(undefined)
  })

  test('stay the same for half their time, then change; the old ones last until their end', async () => {
    await makeInstance()
    await makeRole()
    const first = cloud.roleCredentials(instanceId)
    clock.ms += 30 * 60_000 - 1
    expect(cloud.roleCredentials(instanceId)).toEqual(first)
    clock.ms += 1
    const second = cloud.roleCredentials(instanceId)
    expect(second?.AccessKeyId).not.toBe(first?.AccessKeyId)
    expect(second?.Expiration).toBe('2026-11-24T13:30:00Z')
    const who = async (credentials: typeof first) => {
      const answer = await callApi(cloud, clock, 'GetCallerIdentity', {
        host: 'sts.aliyuncs.com',
        version: '2015-04-01',
        as: {
          accessKeyId: credentials?.AccessKeyId ?? '',
          accessKeySecret: credentials?.AccessKeySecret ?? '',
          securityToken: credentials?.SecurityToken ?? '',
        },
      })
      return answer.status === 200 ? answer.body.Arn : outcomeOf(answer)
    }
    const arn = `acs:ram::1234567890123456:assumed-role/reader/${instanceId}`
    expect(await who(first)).toBe(arn)
    expect(await who(second)).toBe(arn)
    clock.ms += 30 * 60_000
    expect(await who(first)).toBe('400 InvalidSecurityToken.Expired')
    expect(await who(second)).toBe(arn)
  })

  test('are of the role that is there now, not of one that had its name', async () => {
    await makeInstance()
    await makeRole()
    const before = cloud.roleCredentials(instanceId)
    await callApi(cloud, clock, 'DeleteRole', { parameters: { RoleName: 'reader' } })
    expect(cloud.roleCredentials(instanceId)).toBe(undefined)
    await makeRoleAgain()
    expect(cloud.roleCredentials(instanceId)?.AccessKeyId).not.toBe(before?.AccessKeyId)
  })
})

async function makeRoleAgain(): Promise<void> {
  const { body } = await callApi(cloud, clock, 'CreateRole', {
    parameters: {
      RoleName: 'reader',
      AssumeRolePolicyDocument:
        '{"Version":"1","Statement":[{"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"Service":["ecs.aliyuncs.com"]}}]}',
    },
  })
  expect(body.Role).toMatchObject({ RoleName: 'reader' })
}
