import type { HttpsLog } from '../store/log.ts'
import type { KeptState, StateOwner } from '../store/replicated-store.ts'

export interface KeeperOptions extends StateOwner {
  kept: KeptState
  log: HttpsLog
  /** Milliseconds, of this machine. @default the system's clock */
  now?: () => number
  /** From 0 to 1. @default Math.random */
  random?: () => number
  /** Milliseconds between two looks at what the authority is doing. @default 1000 */
  lookEvery?: number
}

/** What was counted since the start. */
export interface KeeperCounts {
  attempts: number
  failures: number
}
