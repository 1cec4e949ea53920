import { onTestFinished } from 'vitest'
import {
  type SimulatedCloud,
  type SimulatedCloudOptions,
  startSimulatedCloud,
} from '../control-plane/simulated-cloud.ts'
import { PageStandIn } from './fake-page.ts'
import type { PulumiRun } from './run-pulumi.ts'
import { StackProject, type StackProjectOptions } from './stack-project.ts'

/** A cloud of its own, a page stand-in behind its instances, and a stack that is not up yet. */
export interface StackCloud {
  cloud: SimulatedCloud
  page: PageStandIn
  project: StackProject
}

/** Starts all three; they end with the test. */
export async function stackCloud(
  options: Omit<StackProjectOptions, 'environment'> & { cloud?: SimulatedCloudOptions } = {},
): Promise<StackCloud> {
  const page = new PageStandIn()
  const cloud = await startSimulatedCloud({
    hardware: page,
    web: page.web,
    wire: page.wire,
    ...options.cloud,
  })
  const project = await StackProject.create({ ...options, environment: cloud.environment() })
  onTestFinished(async () => {
    await project.remove()
    await cloud.close()
  })
  return { cloud, page, project }
}

/** @throws Error with the whole output unless the run ended well */
export function wentWell(run: PulumiRun): PulumiRun {
  if (run.code === 0) return run
  throw new Error(`The engine ended with ${run.code}:\n${run.output}`)
}
