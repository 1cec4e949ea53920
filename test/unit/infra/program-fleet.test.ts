import type * as pulumi from '@pulumi/pulumi'
import { expect, test } from 'vitest'
import { DOMAIN, LOAD_BALANCER, type ProgramRun, runProgram, SECRETS } from './program-run.ts'
import { named, resolved } from './registrations.ts'

const fleet = { instances: '{"min":2,"max":6}', domain: DOMAIN }

async function outputsOf({ outputs }: ProgramRun): Promise<Record<string, unknown>> {
  const values = Object.entries(outputs).map(async ([key, output]) => [key, await resolved(output)])
  return Object.fromEntries(await Promise.all(values))
}

test('a fleet replaces network and server, and everything else stays', async () => {
  const single = await runProgram()
  const many = await runProgram(fleet)
  const shared = single.recorded
    .map(({ name }) => name)
    .filter((name) => !/^(network|server)(-|$)/.test(name))
  const names = many.recorded.map(({ name }) => name)
  expect(names.filter((name) => !shared.includes(name))).toEqual([
    'fleet',
    'fleet-configuration',
    'fleet-group',
    'fleet-http',
    'fleet-network',
    'fleet-network-http-first',
    'fleet-network-http-second',
    'fleet-network-security-group',
    'fleet-network-vpc',
    'fleet-network-vswitch-first',
    'fleet-network-vswitch-second',
    'fleet-policy',
    'fleet-policy-attachment',
    'fleet-role',
    'fleet-rule',
    'fleet-scale-in',
    'fleet-scale-out',
    'fleet-servers',
    'fleet-trial',
    'load-balancer',
    'load-balancer-alb',
  ])
  for (const name of shared.filter((name) => name !== 'uploads-cors')) {
    expect(named(many.recorded, name)).toEqual(named(single.recorded, name))
  }
  expect(named(many.recorded, 'uploads-cors').inputs.corsRules).toMatchObject([
    { allowedOrigins: [`http://${DOMAIN}`] },
  ])
})

test('the outputs are those of the load balancer, without a single server', async () => {
  const many = await runProgram(fleet)
  expect(await outputsOf(many)).toEqual({
    OssClientAddress: `http://${DOMAIN}`,
    ApplicationServerAddress: `${LOAD_BALANCER}:80`,
    OssBucketName: 'shop-dev-uploads-30eb3e3c',
    ScalingGroupId: 'fleet-group-id',
  })
  expect(many.requests.filter((url) => url.includes(':8080'))).toHaveLength(3)
})

test('the instances have the right environment', async () => {
  const { recorded } = await runProgram(fleet)
  expect(named(recorded, 'fleet-group').inputs).toMatchObject({
    minSize: 2,
    maxSize: 6,
    vswitchIds: ['fleet-network-vswitch-first-id', 'fleet-network-vswitch-second-id'],
  })
  expect(named(recorded, 'fleet-network-vswitch-second').inputs.zoneId).toBe('ap-southeast-1d')
  const { inputs, options } = named(recorded, 'fleet-configuration')
  expect(inputs).toMatchObject({
    imageId: 'debian_13_6_x64',
    instanceTypes: ['ecs.e-c1m1.large'],
    systemDiskCategory: 'cloud_efficiency',
    securityGroupId: 'fleet-network-security-group-id',
  })
  expect(inputs).not.toHaveProperty('internetMaxBandwidthOut')
  expect(options.ignoreChanges?.slice(0, 3)).toEqual([
    'imageId',
    'instanceTypes',
    'systemDiskCategory',
  ])
  // They start once all that they need is there.
  expect(options.dependsOn).toEqual(
    expect.arrayContaining([
      'fleet-network-http-first',
      'fleet-network-http-second',
      'fleet-policy-attachment',
      'fleet-scale-in',
      'fleet-scale-out',
      'release-app',
      'release-runtime',
      'release-secrets',
      'uploader-policy-attachment',
      'uploads-policy',
    ]),
  )
  const userData = String(inputs.userData)
  expect(userData).toContain('TRUSTED_PROXIES="1"')
  expect(userData).toContain('OSS_BUCKET="shop-dev-uploads-30eb3e3c"')
  for (const secret of [SECRETS.key, SECRETS.token]) expect(userData).not.toContain(secret)
  const tags = { project: 'shop', stack: 'dev' }
  for (const name of [
    'fleet-configuration',
    'fleet-group',
    'fleet-http',
    'fleet-network-vpc',
    'fleet-role',
    'fleet-servers',
    'load-balancer-alb',
  ]) {
    expect([name, named(recorded, name).inputs.tags]).toEqual([name, tags])
  }
})

test('for callbacks an instance reaches out to the internet', async () => {
  const { recorded } = await runProgram({ ...fleet, callback: 'true', bandwidth: '150' })
  const { inputs } = named(recorded, 'fleet-configuration')
  expect(inputs).toMatchObject({
    internetChargeType: 'PayByTraffic',
    internetMaxBandwidthOut: 100,
  })
  expect(inputs.userData).toContain(`CALLBACK_URL="http://${DOMAIN}/callback"`)
})

test('with a certificate the page is at its domain', async () => {
  const run = await runProgram({ ...fleet, certificateId: '1234567-ap-southeast-1' })
  expect(await outputsOf(run)).toMatchObject({
    OssClientAddress: 'https://photos.example',
    ApplicationServerAddress: `${LOAD_BALANCER}:80`,
  })
  expect(named(run.recorded, 'fleet-https').inputs.certificates).toEqual({
    certificateId: '1234567-ap-southeast-1',
  })
  expect(named(run.recorded, 'uploads-cors').inputs.corsRules).toMatchObject([
    { allowedOrigins: ['https://photos.example', 'http://photos.example'] },
  ])
})

test('without a key the role of the instances can upload', async () => {
  const { recorded } = await runProgram({ ...fleet, credentials: 'instance-role' })
  const { policyDocument } = named(recorded, 'fleet-policy').inputs
  expect(JSON.parse(String(policyDocument)).Statement).toContainEqual({
    Effect: 'Allow',
    Action: ['oss:PutObject'],
    Resource: ['acs:oss:*:*:shop-dev-uploads-30eb3e3c/upload/*'],
  })
  expect(named(recorded, 'fleet-configuration').inputs.userData).toContain(
    'INSTANCE_ROLE="shop-dev-fleet"',
  )
})

test('a preview of a new fleet sends no request', async () => {
  const { recorded, outputs, requests } = await runProgram(fleet, { preview: true })
  expect(requests).toEqual([])
  expect(recorded.map(({ name }) => name)).toContain('fleet-http')
  expect(await resolved(outputs.OssClientAddress as pulumi.Output<unknown>)).toBeUndefined()
})
