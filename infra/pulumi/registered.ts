import { sleep } from '@oss-direct-upload/retry'
import type { ComponentResource } from '@pulumi/pulumi'

const TIMEOUT_MS = 1_000
/** Time for the children's registrations to reach the engine after that of their component. */
const CHILDREN_MS = 20

/**
 * Waits until a component and its children are registered with the engine, whether they exist yet or
 * not. Call it for what takes long, before the program registers resources of a provider whose start
 * keeps the engine busy.
 */
export async function registered(component: ComponentResource): Promise<void> {
  const known = new Promise<void>((resolve) => void component.urn.apply(() => resolve()))
  const timeout = new AbortController()
  await Promise.race([known, sleep(TIMEOUT_MS, timeout.signal).catch(() => undefined)])
  timeout.abort()
  await sleep(CHILDREN_MS)
}
