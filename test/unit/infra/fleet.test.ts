import * as pulumi from '@pulumi/pulumi'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { renderUserData } from '../../../infra/boot/user-data.ts'
import { Fleet, type FleetArgs } from '../../../infra/fleet/fleet.ts'
import type { ReleaseManifest } from '../../../infra/release/manifest.ts'
import {
  named,
  type Registration,
  recordRegistrations,
  resolved,
  settled,
  UNKNOWN,
  unknown,
} from './registrations.ts'
import { environment, expectUploadRights, manifest } from './server-args.ts'

vi.mock('../../../infra/identity/environment-proxy.ts', () => import('./fetch-host-stand-in.ts'))

const ADDRESS = 'alb-x.ap-southeast-1.alb.aliyuncsslbintl.com'
const DOMAIN = 'photos.example'
const args: FleetArgs = {
  region: 'ap-southeast-1',
  size: { min: 2, max: 6 },
  manifest,
  environment,
  loadBalancerId: 'alb-x',
  address: ADDRESS,
  domain: DOMAIN,
  vpcId: 'vpc-1',
  vswitchIds: ['vsw-a', 'vsw-b'],
  securityGroupId: 'sg-1',
  imageId: 'debian_13_6_x64_20G_alibase_20260901.vhd',
  instanceTypes: ['ecs.e-c1m1.large', 'ecs.u1-c1m1.large'],
  cpus: 2,
  systemDiskCategory: 'cloud_essd_entry',
}

let requests: string[] = []
let released = manifest.id

/** Answers as instances of the release, one after the other. */
function answer(): void {
  requests = []
  vi.stubGlobal('fetch', async (url: string) => {
    requests.push(url)
    return /\/healthz( as |$)/.test(url)
      ? Response.json({ status: 'ok', release: released, instance: `i${requests.length}` })
      : new Response('<html>')
  })
}

async function fleet(changes: Partial<FleetArgs> = {}): Promise<{
  recorded: Registration[]
  made: Fleet
}> {
  const recorded = await recordRegistrations()
  released = ((changes.manifest ?? manifest) as ReleaseManifest).id
  const made = new Fleet('web', { ...args, ...changes })
  await settled()
  // The page is requests for until it answers.
  await resolved(made.url)
  return { recorded, made }
}

/** End of the names of everything that a release has of its own. */
async function revisionOf(changes: Partial<FleetArgs>): Promise<string> {
  const { recorded } = await fleet(changes)
  const names = [
    named(recorded, 'web-servers').inputs.serverGroupName,
    named(recorded, 'web-group').inputs.scalingGroupName,
    named(recorded, 'web-configuration').inputs.scalingConfigurationName,
  ].map((name) => /^shop-dev-web-([0-9a-f]{8})$/.exec(String(name))?.[1])
  expect(names[0]).toMatch(/./)
  expect(new Set(names).size).toBe(1)
  return String(names[0])
}

beforeEach(() => answer())

afterEach(() => {
  vi.unstubAllGlobals()
})

test('a fleet is a scaling group that a load balancer forwards to once it is tested', async () => {
  const tags = { team: 'web' }
  const { recorded, made } = await fleet({ tags })
  const name = String(named(recorded, 'web-group').inputs.scalingGroupName)
  const listener = (role: string, port: number, dependsOn: string[]): Registration => ({
    type: 'alicloud:alb/listener:Listener',
    name: `web-${role}`,
    parent: 'web',
    inputs: {
      loadBalancerId: 'alb-x',
      listenerDescription: role,
      listenerPort: port,
      listenerProtocol: 'HTTP',
      defaultActions: [
        {
          type: 'ForwardGroup',
          forwardGroupConfig: { serverGroupTuples: [{ serverGroupId: 'web-servers-id' }] },
        },
      ],
      tags,
    },
    options: { dependsOn },
  })
  const hook = (role: string, transition: string, seconds: number): Registration => ({
    type: 'alicloud:ess/lifecycleHook:LifecycleHook',
    name: `web-${role}`,
    parent: 'web',
    inputs: {
      scalingGroupId: 'web-group-id',
      lifecycleTransition: transition,
      heartbeatTimeout: seconds,
      defaultResult: 'CONTINUE',
    },
    options: { deletedWith: 'web-group', dependsOn: ['web-group'] },
  })
  const started = ['web-configuration', 'web-group', 'web-servers']
  expect(recorded.filter(({ type }) => !type.startsWith('alicloud:ram'))).toEqual([
    { type: 'oss-direct-upload:index:Fleet', name: 'web', inputs: {}, options: {} },
    {
      type: 'alicloud:ess/scalingConfiguration:ScalingConfiguration',
      name: 'web-configuration',
      parent: 'web',
      inputs: {
        scalingGroupId: 'web-group-id',
        scalingConfigurationName: name,
        instanceName: 'shop-dev-web',
        imageId: args.imageId,
        instanceTypes: args.instanceTypes,
        systemDiskCategory: 'cloud_essd_entry',
        systemDiskSize: 20,
        spotStrategy: 'NoSpot',
        securityGroupId: 'sg-1',
        roleName: 'shop-dev-web',
        httpEndpoint: 'enabled',
        userData: renderUserData({
          region: 'ap-southeast-1',
          roleName: 'shop-dev-web',
          release: manifest,
          environment,
        }),
        active: true,
        enable: true,
        forceDelete: true,
        tags,
      },
      options: {
        ignoreChanges: ['internetMaxBandwidthIn', 'resourceGroupId'],
        deletedWith: 'web-group',
        dependsOn: [
          'web-group',
          'web-policy-attachment',
          'web-role',
          'web-scale-in',
          'web-scale-out',
        ],
      },
    },
    {
      type: 'alicloud:ess/scalingGroup:ScalingGroup',
      name: 'web-group',
      parent: 'web',
      inputs: {
        scalingGroupName: name,
        minSize: 2,
        maxSize: 6,
        vswitchIds: ['vsw-a', 'vsw-b'],
        multiAzPolicy: 'BALANCE',
        healthCheckTypes: ['ECS', 'LOAD_BALANCER'],
        removalPolicies: ['OldestInstance'],
        defaultCooldown: 60,
        albServerGroups: [{ albServerGroupId: 'web-servers-id', port: 80, weight: 100 }],
        tags,
      },
      options: {
        replaceOnChanges: ['scalingGroupName'],
        dependsOn: ['web-role', 'web-servers'],
      },
    },
    listener('http', 80, [...started, 'web-trial']),
    {
      type: 'alicloud:ess/scalingRule:ScalingRule',
      name: 'web-rule',
      parent: 'web',
      inputs: {
        scalingGroupId: 'web-group-id',
        scalingRuleName: 'cpu',
        scalingRuleType: 'TargetTrackingScalingRule',
        metricName: 'CpuUtilization',
        targetValue: 30,
        estimatedInstanceWarmup: 60,
      },
      options: { deletedWith: 'web-group', dependsOn: ['web-configuration', 'web-group'] },
    },
    hook('scale-in', 'SCALE_IN', 30),
    hook('scale-out', 'SCALE_OUT', 60),
    {
      type: 'alicloud:alb/serverGroup:ServerGroup',
      name: 'web-servers',
      parent: 'web',
      inputs: {
        serverGroupName: name,
        vpcId: 'vpc-1',
        protocol: 'HTTP',
        healthCheckConfig: {
          healthCheckEnabled: true,
          healthCheckProtocol: 'HTTP',
          healthCheckMethod: 'GET',
          healthCheckPath: '/healthz',
          healthCheckCodes: ['http_2xx'],
          healthCheckConnectPort: 80,
          healthCheckInterval: 2,
          healthCheckTimeout: 2,
          healthyThreshold: 2,
          unhealthyThreshold: 3,
        },
        stickySessionConfig: { stickySessionEnabled: false },
        connectionDrainConfig: { connectionDrainEnabled: true, connectionDrainTimeout: 30 },
        tags,
      },
      options: {
        ignoreChanges: ['servers'],
        replaceOnChanges: ['serverGroupName'],
        dependsOn: ['web-role'],
      },
    },
    listener('trial', 8080, started),
  ])
  expect(await resolved(made.url)).toBe(`http://${DOMAIN}`)
  expect(await resolved(made.scalingGroupId)).toBe('web-group-id')
  expect(await resolved(made.roleName)).toBe('shop-dev-web')
  // Two different instances at either port, and the page; the trial first. Last, the domain's record.
  const at = (port: string, path: string) => `http://${ADDRESS}${port}${path} as ${DOMAIN}${port}`
  expect(requests).toEqual([
    ...['/healthz', '/healthz', '/'].map((path) => at(':8080', path)),
    ...['/healthz', '/healthz', '/'].map((path) => at('', path)),
    `http://${DOMAIN}/healthz`,
  ])
})

test('the role is that of a single server', async () => {
  const { recorded } = await fleet({ uploadBucketName: 'shop-uploads', uploadDir: 'upload/' })
  expectUploadRights(recorded, ['oss:PutObject'])
})

test('another release or setting is another group, another size or choice is not', async () => {
  const first = await revisionOf({})
  const rolled = await revisionOf({ manifest: { ...manifest, id: 'ba9876543210' } })
  const configured = await revisionOf({ environment: { ...environment, NAMING: 'keep' } })
  const typed = await revisionOf({ instanceTypes: ['ecs.c7.large'] })
  const stored = await revisionOf({ systemDiskCategory: 'cloud_essd' })
  const outward = await revisionOf({ bandwidth: 5 })
  expect(new Set([first, rolled, configured, typed, stored, outward]).size).toBe(6)

  const pinned = ['imageId', 'instanceTypes', 'systemDiskCategory'] as const
  const chosen = await revisionOf({ pinned })
  expect(await revisionOf({ pinned, instanceTypes: ['ecs.c7.large'] })).toBe(chosen)
  expect(await revisionOf({ pinned, systemDiskCategory: 'cloud_essd' })).toBe(chosen)
  expect(await revisionOf({ size: { min: 4, max: 8 } })).toBe(first)
  expect(await revisionOf({ imageId: 'debian_13_7' })).toBe(first)
})

test('pinned properties are ignored', async () => {
  const { recorded } = await fleet({ pinned: ['imageId', 'instanceTypes'] })
  expect(named(recorded, 'web-configuration').options.ignoreChanges).toEqual([
    'imageId',
    'instanceTypes',
    'internetMaxBandwidthIn',
    'resourceGroupId',
  ])
  expect(named(recorded, 'web-rule').options.ignoreChanges).toEqual(['targetValue'])
})

test.each([
  [1, 60],
  [2, 30],
  [4, 15],
  [8, 8],
])('with %i CPUs the load of one is %i percent of the instance', async (cpus, targetValue) => {
  const { recorded } = await fleet({ cpus })
  expect(named(recorded, 'web-rule').inputs.targetValue).toBe(targetValue)
  expect(named(recorded, 'web-rule').options.ignoreChanges).toBeUndefined()
})

test('an instance is connected to the internet only with a bandwidth', async () => {
  const { recorded } = await fleet({ bandwidth: 5 })
  expect(named(recorded, 'web-configuration').inputs).toMatchObject({
    internetChargeType: 'PayByTraffic',
    internetMaxBandwidthOut: 5,
  })
})

test('with a certificate there is also an https listener', async () => {
  const { recorded, made } = await fleet({ certificateId: '1234567-ap-southeast-1' })
  expect(await resolved(made.url)).toBe(`https://${DOMAIN}`)
  expect(requests.at(-1)).toBe(`https://${DOMAIN}/healthz`)
  const { inputs, options } = named(recorded, 'web-https')
  expect(inputs).toMatchObject({
    listenerPort: 443,
    listenerProtocol: 'HTTPS',
    certificates: { certificateId: '1234567-ap-southeast-1' },
    defaultActions: named(recorded, 'web-http').inputs.defaultActions,
  })
  expect(options.dependsOn).toEqual(named(recorded, 'web-http').options.dependsOn)
})

test('only the instances wait for what their first start needs', async () => {
  const recorded = await recordRegistrations()
  class Stored extends pulumi.CustomResource {}
  const object = new Stored('test:index:Object', 'object', {})
  const { url } = new Fleet('web', args, { dependsOn: [object] })
  await settled()
  await resolved(url)
  expect(named(recorded, 'web-configuration').options.dependsOn).toContain('object')
  expect(named(recorded, 'web-group').options.dependsOn).not.toContain('object')
})

test('a preview sends no request and knows every input that can be known', async () => {
  const recorded = await recordRegistrations({ preview: true })
  const { url } = new Fleet('web', { ...args, manifest: unknown<ReleaseManifest>() })
  await settled()
  expect(requests).toEqual([])
  expect(named(recorded, 'web-group').inputs).toMatchObject({
    scalingGroupName: UNKNOWN,
    minSize: 2,
    maxSize: 6,
  })
  expect(named(recorded, 'web-configuration').inputs).toMatchObject({ userData: UNKNOWN })
  expect(named(recorded, 'web-http').inputs).toMatchObject({ listenerPort: 80 })
  expect(await resolved(url)).toBeUndefined()
})
