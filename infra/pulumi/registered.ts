import { setTimeout as sleep } from 'node:timers/promises'
import type { ComponentResource } from '@pulumi/pulumi'

const LONGEST_MS = 1_000
/** Between a component that is known to the engine and its children that are being asked for. */
const CHILDREN_MS = 20

/**
 * Resolves once the engine has been asked for what a component is made of, whether that is there yet
 * or not. What a program does next may keep it busy, and what takes long should be under way by then.
 */
export async function registered(component: ComponentResource): Promise<void> {
  const known = new Promise<void>((resolve) => void component.urn.apply(() => resolve()))
  await Promise.race([known, sleep(LONGEST_MS, undefined, { ref: false })])
  await sleep(CHILDREN_MS)
}
