import * as pulumi from '@pulumi/pulumi'
import { afterEach, expect, test, vi } from 'vitest'
import { renderUserData } from '../../../infra/boot/user-data.ts'
import type { ReleaseManifest } from '../../../infra/release/manifest.ts'
import { AppServer, type AppServerArgs } from '../../../infra/server/app-server.ts'
import { named, recordRegistrations, resolved, settled, UNKNOWN, unknown } from './registrations.ts'
import { environment, expectUploadRights, manifest } from './server-args.ts'

const args: AppServerArgs = {
  region: 'ap-southeast-1',
  manifest,
  environment,
  vswitchId: 'vsw-1',
  securityGroupId: 'sg-1',
  allocationId: 'eip-1',
  address: '203.0.113.10',
  architecture: 'x86_64',
  imageId: 'debian_13_6_x64_20G_alibase_20260901.vhd',
  instanceType: 'ecs.e-c1m1.large',
  systemDiskCategory: 'cloud_essd_entry',
}

function answerWith(fetch: (url: string) => Response): void {
  vi.stubGlobal('fetch', async (url: string) => fetch(url))
}

const serving = (url: string): Response =>
  url.endsWith('/healthz') ? Response.json({ status: 'ok', release: manifest.id }) : new Response()

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a server is an instance with a role that reads its release, and an address', async () => {
  answerWith(serving)
  const recorded = await recordRegistrations()
  const server = new AppServer('web', { ...args, tags: { team: 'web' } })
  await settled()

  const tags = { team: 'web' }
  expect(recorded).toEqual([
    { type: 'oss-direct-upload:index:AppServer', name: 'web', inputs: {}, options: {} },
    {
      type: 'alicloud:ecs/eipAssociation:EipAssociation',
      name: 'web-eip-association',
      parent: 'web',
      inputs: { allocationId: 'eip-1', instanceId: 'web-instance-id' },
      options: {
        ignoreChanges: ['vpcId', 'privateIpAddress'],
        deleteBeforeReplace: true,
        dependsOn: ['web-instance', 'web-role-attachment'],
      },
    },
    {
      type: 'alicloud:ecs/instance:Instance',
      name: 'web-instance',
      parent: 'web',
      inputs: {
        instanceName: 'shop-dev-web',
        imageId: args.imageId,
        instanceType: 'ecs.e-c1m1.large',
        systemDiskCategory: 'cloud_essd_entry',
        systemDiskSize: 20,
        vswitchId: 'vsw-1',
        securityGroups: ['sg-1'],
        httpEndpoint: 'enabled',
        httpTokens: 'required',
        userData: renderUserData({
          region: 'ap-southeast-1',
          roleName: 'shop-dev-web',
          release: manifest,
          environment,
        }),
        tags,
      },
      options: {
        replaceOnChanges: ['userData', 'vswitchId'],
        additionalSecretOutputs: ['password'],
        dependsOn: ['web-policy-attachment', 'web-role'],
      },
    },
    {
      type: 'alicloud:ram/policy:Policy',
      name: 'web-policy',
      parent: 'web',
      inputs: {
        policyName: 'shop-dev-web',
        description: 'Read the release that the server runs',
        policyDocument: JSON.stringify({
          Version: '1',
          Statement: [
            {
              Effect: 'Allow',
              Action: ['oss:GetObject'],
              Resource: ['acs:oss:*:*:shop-release/*'],
            },
          ],
        }),
        rotateStrategy: 'DeleteOldestNonDefaultVersionWhenLimitExceeded',
        tags,
      },
      options: {},
    },
    {
      type: 'alicloud:ram/rolePolicyAttachment:RolePolicyAttachment',
      name: 'web-policy-attachment',
      parent: 'web',
      inputs: { roleName: 'shop-dev-web', policyName: 'shop-dev-web', policyType: 'Custom' },
      options: { dependsOn: ['web-policy', 'web-role'] },
    },
    {
      type: 'alicloud:ram/role:Role',
      name: 'web-role',
      parent: 'web',
      inputs: {
        roleName: 'shop-dev-web',
        description: 'Of the application server: reads its release',
        assumeRolePolicyDocument: JSON.stringify({
          Version: '1',
          Statement: [
            {
              Action: 'sts:AssumeRole',
              Effect: 'Allow',
              Principal: { Service: ['ecs.aliyuncs.com'] },
            },
          ],
        }),
        tags,
      },
      options: {},
    },
    {
      type: 'alicloud:ecs/ramRoleAttachment:RamRoleAttachment',
      name: 'web-role-attachment',
      parent: 'web',
      inputs: { instanceId: 'web-instance-id', ramRoleName: 'shop-dev-web' },
      options: { dependsOn: ['web-instance', 'web-role'] },
    },
  ])
  expect(await resolved(server.url)).toBe('http://203.0.113.10')
  expect(await resolved(server.instanceId)).toBe('web-instance-id')
  expect(await resolved(server.roleName)).toBe('shop-dev-web')
  expect(await resolved(server.loginAddress)).toBe(
    'https://ecs-workbench.aliyun.com/?from=EcsConsole&instanceType=ecs&regionId=ap-southeast-1&instanceId=web-instance-id',
  )
})

test('with an upload bucket the role can also put objects there', async () => {
  answerWith(serving)
  const recorded = await recordRegistrations()
  new AppServer('web', { ...args, uploadBucketName: 'shop-uploads', uploadDir: 'upload/' })
  await settled()

  expectUploadRights(recorded, ['oss:PutObject'])
})

test('with large files the role can also list and abort multipart uploads', async () => {
  answerWith(serving)
  const recorded = await recordRegistrations()
  const uploads = { uploadBucketName: 'shop-uploads', uploadDir: 'upload/', uploadsInParts: true }
  new AppServer('web', { ...args, ...uploads })
  await settled()

  expectUploadRights(recorded, ['oss:PutObject', 'oss:AbortMultipartUpload', 'oss:ListParts'])
})

test('pinned properties are ignored, and another architecture is another instance', async () => {
  answerWith(serving)
  const recorded = await recordRegistrations()
  new AppServer('web', { ...args, architecture: 'arm64', pinned: ['imageId', 'instanceType'] })
  await settled()

  expect(recorded.map(({ name }) => name)).not.toContain('web-instance')
  const instance = named(recorded, 'web-instance-arm64')
  expect(instance.options.ignoreChanges).toEqual(['imageId', 'instanceType'])
})

test('only the instance waits for what the server depends on', async () => {
  answerWith(serving)
  const recorded = await recordRegistrations()
  const release = new pulumi.ComponentResource('test:index:Release', 'release')
  class Stored extends pulumi.CustomResource {}
  new Stored('test:index:Object', 'object', {}, { parent: release })
  new AppServer('web', args, { dependsOn: [release] })
  await settled()

  expect(named(recorded, 'web-instance').options.dependsOn).toEqual([
    'object',
    'web-policy-attachment',
    'web-role',
  ])
})

test('a password reaches the engine as a secret only', async () => {
  answerWith(serving)
  const recorded = await recordRegistrations()
  new AppServer('web', { ...args, password: pulumi.secret('Swordfish-7') })
  await settled()

  const instance = named(recorded, 'web-instance')
  expect(instance.inputs.password).toEqual({ secret: 'Swordfish-7' })
  expect(JSON.stringify(recorded).split('Swordfish-7')).toHaveLength(2)
})

test.each([
  ['nothing', {}, false],
  ['no range', { sshCidrs: [] }, false],
  ['a range', { sshCidrs: ['203.0.113.7/32'] }, true],
  ['a password', { password: pulumi.secret('Swordfish-7') }, true],
])('an SSH server runs only when someone can log in: %s', async (_what, login, sshd) => {
  answerWith(serving)
  const recorded = await recordRegistrations()
  new AppServer('web', { ...args, ...login })
  await settled()

  expect(named(recorded, 'web-instance').inputs.userData).toBe(
    renderUserData({
      region: 'ap-southeast-1',
      roleName: 'shop-dev-web',
      release: manifest,
      environment,
      sshd,
    }),
  )
})

test('a preview sends no request and knows every input that can be known', async () => {
  answerWith(() => {
    throw new Error('A preview has nothing to ask')
  })
  const recorded = await recordRegistrations({ preview: true })
  const server = new AppServer('web', {
    ...args,
    manifest: unknown<ReleaseManifest>(),
    vswitchId: unknown<string>(),
    address: '203.0.113.10',
  })
  await settled()

  expect(recorded).toHaveLength(7)
  expect(named(recorded, 'web-instance').inputs).toMatchObject({
    imageId: args.imageId,
    instanceType: 'ecs.e-c1m1.large',
    securityGroups: ['sg-1'],
    userData: UNKNOWN,
    vswitchId: UNKNOWN,
  })
  expect(named(recorded, 'web-policy').inputs.policyDocument).toBe(UNKNOWN)
  expect(named(recorded, 'web-role').inputs.roleName).toBe('shop-dev-web')
  expect(await resolved(server.url)).toBe(undefined)
})
