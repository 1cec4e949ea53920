import { readFile, rm } from 'node:fs/promises'
import type { StackProject } from '../../cloud/stack/stack-project.ts'
import { type CriticalPath, criticalPath, type StateResource } from './critical-path.ts'
import { creationSpans } from './engine-log.ts'

/** One `pulumi up` of a fresh stack. */
export interface UpRun {
  seconds: number
  path: CriticalPath
  /** Where the time went, for people. */
  times: string
}

/**
 * Brings a stack up, and finds the critical path of what it waited for the cloud: the time that the
 * provider took for each resource, in which it does nothing but call the API and pause between two
 * looks, along the resources that are made of each other. The engine's and the program's own start,
 * and the wait for the page, are no part of the path.
 *
 * @param log What the engine writes its calls to
 * @throws Error with the whole output when the engine fails
 */
export async function bringUp(project: StackProject, log: string): Promise<UpRun> {
  await rm(log, { force: true })
  const began = Date.now()
  const { code, output, milliseconds } = await project.up()
  if (code !== 0) throw new Error(`The engine ended with ${code}:\n${output}`)
  const spans = creationSpans(await readFile(log, 'utf8'))
  const state = JSON.parse(await project.state()) as { deployment: { resources: StateResource[] } }
  const spent = new Map([...spans].map(([urn, span]) => [urn, span.ended - span.began]))
  const path = criticalPath(state.deployment.resources, spent)
  const seconds = (from: number, to: number): string => ((to - from) / 1000).toFixed(1)
  const all = [...spans.values()]
  const first = Math.min(...all.map((span) => span.began))
  const last = Math.max(...all.map((span) => span.ended))
  const times = [
    `${seconds(began, first)} s until the first resource`,
    `${seconds(first, last)} s until the last (${path.urns.map((urn) => urn.split('::').at(-1)).join(', ')}: ${seconds(0, path.milliseconds)} s)`,
    `${seconds(last, began + milliseconds)} s until the page and the end`,
  ].join(', ')
  return { seconds: milliseconds / 1000, path, times }
}
