import {
  type SimulatedCloud,
  type SimulatedCloudOptions,
  startSimulatedCloud,
} from 'simulated-cloud'
import { expect, onTestFinished } from 'vitest'
import { FakePage } from './fake-page.ts'
import type { PulumiResult } from './run-pulumi.ts'
import { StackProject, type StackProjectOptions } from './stack-project.ts'

/** A simulated cloud with a fake page for its instances, and a stack that is not deployed yet. */
export interface Deployment {
  cloud: SimulatedCloud
  page: FakePage
  project: StackProject
}

/** Starts all three for the duration of a test. */
export async function setUpDeployment(
  options: Partial<StackProjectOptions> & { cloud?: SimulatedCloudOptions } = {},
): Promise<Deployment> {
  const page = new FakePage()
  const cloud = await startSimulatedCloud({
    hardware: page,
    web: page.web,
    wire: page.wire,
    ...options.cloud,
  })
  const environment = { ...cloud.environment(), ...options.environment }
  const project = await StackProject.create({ ...options, environment })
  onTestFinished(async () => {
    await project.remove()
    await cloud.close()
  })
  return { cloud, page, project }
}

/** @throws Error with the whole output when the command has failed */
export function expectSuccess(run: PulumiResult): PulumiResult {
  if (run.code === 0) return run
  throw new Error(`The engine ended with ${run.code}:\n${run.output}`)
}

/** Destroys a stack and expects nothing to be left, and no error in the simulation itself. */
export async function destroyCleanly(
  cloud: SimulatedCloud,
  project: StackProject,
): Promise<PulumiResult> {
  const result = expectSuccess(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
  return result
}
