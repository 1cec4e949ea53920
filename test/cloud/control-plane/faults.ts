import { matchesWildcard } from '@oss-direct-upload/embedded-oss'
import { FAULT_REFUSALS, type FaultRefusalCode } from './fault-refusals.ts'

/**
 * What goes wrong: the call is throttled, unavailable, fails internally, is refused with
 * a code, is carried out but loses its answer, or is delayed.
 */
export type FaultKind =
  | 'throttle'
  | 'unavailable'
  | 'internal'
  | 'refuse'
  | 'lost-response'
  | 'delay'

export interface FaultRule {
  kind: FaultKind
  /** Of `refuse`, which affects only the calls that have the code. @default 'Forbidden.RiskControl' */
  code?: FaultRefusalCode
  /** E.g. `ecs:RunInstances`, with wildcards `*` and `?`. @default every action */
  action?: string
  /** @default every host */
  host?: string
  /** The first matching call to affect, from 1. @default 1 */
  nth?: number
  /** Number of calls to affect. @default 1, or unlimited with a probability */
  times?: number
  /** From 0 to 1. @default 1 */
  probability?: number
  /** Of `delay`. @default 1000 */
  milliseconds?: number
}

/** An active rule. */
export interface Fault {
  readonly rule: FaultRule
  /** Number of calls that it has affected. */
  readonly hits: number
  remove(): void
}

/** The faults of calls; the first rule that matches a call decides. */
export class Faults {
  readonly #active: { rule: FaultRule; seen: number; hits: number }[] = []
  readonly #random: () => number

  /** @param seed Of the probabilities: the same seed gives the same run */
  constructor(seed = 1) {
    this.#random = randomNumbers(seed)
  }

  add(rule: FaultRule): Fault {
    const active = { rule, seen: 0, hits: 0 }
    this.#active.push(active)
    return {
      rule,
      get hits() {
        return active.hits
      },
      remove: () => {
        const index = this.#active.indexOf(active)
        if (index >= 0) this.#active.splice(index, 1)
      },
    }
  }

  clear(): void {
    this.#active.length = 0
  }

  /** Returns the rule that a call which arrives now is subject to. */
  next(call: { action: string; host: string }): FaultRule | undefined {
    for (const active of this.#active) {
      const { action = '*', host = '*', nth = 1, probability, code } = active.rule
      if (code && !matchesWildcard(FAULT_REFUSALS[code][0], call.action)) continue
      if (!matchesWildcard(action, call.action) || !matchesWildcard(host, call.host)) continue
      active.seen += 1
      const times = active.rule.times ?? (probability === undefined ? 1 : Number.POSITIVE_INFINITY)
      if (active.seen < nth || active.hits >= times) continue
      if (probability !== undefined && this.#random() >= probability) continue
      active.hits += 1
      return active.rule
    }
    return undefined
  }
}

/** Mulberry32: pseudo-random numbers from 0 to 1. */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
