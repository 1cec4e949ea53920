import { readFile, rm } from 'node:fs/promises'
import type { StackProject } from '../../cloud/stack/stack-project.ts'
import { type CriticalPath, criticalPath, type StateResource } from './critical-path.ts'
import { creationSpans } from './engine-log.ts'

/** One `pulumi up` of a fresh stack. */
export interface UpRun {
  seconds: number
  path: CriticalPath
  /** Report on where the time went. */
  times: string
}

/**
 * Deploys a stack and finds the critical path of its API calls: the time that the provider takes for each
 * resource, which is API calls and polling, along the dependencies. The start of engine and program and
 * the wait for the page are not part of it.
 *
 * @param log File to which the engine logs its calls
 * @throws Error with the whole output when the engine fails
 */
export async function bringUp(project: StackProject, log: string): Promise<UpRun> {
  await rm(log, { force: true })
  const started = Date.now()
  const { code, output, milliseconds } = await project.up()
  if (code !== 0) throw new Error(`The engine ended with ${code}:\n${output}`)
  const spans = creationSpans(await readFile(log, 'utf8'))
  const state = JSON.parse(await project.state()) as { deployment: { resources: StateResource[] } }
  const spent = new Map([...spans].map(([urn, span]) => [urn, span.end - span.start]))
  const path = criticalPath(state.deployment.resources, spent)
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1)
  const all = [...spans.values()]
  const first = Math.min(...all.map((span) => span.start))
  const last = Math.max(...all.map((span) => span.end))
  const times = [
    `${seconds(started, first)} s until the first resource`,
    `${seconds(first, last)} s until the last (${path.urns.map((urn) => urn.split('::').at(-1)).join(', ')}: ${seconds(0, path.milliseconds)} s)`,
    `${seconds(last, started + milliseconds)} s until the page and the end`,
  ].join(', ')
  return { seconds: milliseconds / 1000, path, times }
}
