import { expect, test } from 'vitest'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

const REGION = 'eu-central-1'
/** The waits that the program configures for Auto Scaling do not matter here. */
const durations = { waitFactor: 0.02, scalingMs: 200 }
const DOMAIN = 'photos.example'

test('a fleet runs on Arm, and on economy types with a disk that Auto Scaling accepts', async () => {
  const { cloud, page, project } = await setUpDeployment({
    cloud: { durations },
    config: {
      'alicloud:region': REGION,
      instances: { min: 2, max: 2 },
      domain: DOMAIN,
      architecture: 'arm64',
    },
  })
  const machines = () =>
    page.machines().map(({ instanceType, imageId, zoneId }) => {
      return `${instanceType} ${/_(x64|arm64)_/.exec(imageId)?.[1]} ${zoneId}`
    })
  const disks = () =>
    cloud.audit
      .find({ action: 'ess:CreateScalingConfiguration', succeeded: true })
      .map(({ parameters }) => parameters['SystemDisk.Category'])

  expectSuccess(await project.up())
  expect(machines().toSorted()).toEqual([
    'ecs.c8y.small arm64 eu-central-1b',
    'ecs.c8y.small arm64 eu-central-1c',
  ])
  expect(disks()).toEqual(['cloud_essd'])

  // Its cheapest disk is an ESSD Entry, which Auto Scaling refuses.
  await project.configure({ architecture: 'x86_64', instanceType: 'ecs.e-c1m1.large' })
  expectSuccess(await project.up())
  expect(machines().toSorted()).toEqual([
    'ecs.e-c1m1.large x64 eu-central-1b',
    'ecs.e-c1m1.large x64 eu-central-1c',
  ])
  expect(disks()).toEqual(['cloud_essd', 'cloud_essd'])
  await destroyCleanly(cloud, project)
})
