import { setTimeout as sleep } from 'node:timers/promises'
import * as pulumi from '@pulumi/pulumi'

/*
 * Asking servers whether they serve, again and again: what waiting for a single one and for a fleet
 * have in common.
 */

/** What the waiting stands on; replaced in tests. */
export interface PollTools {
  fetch: (url: string, init: { signal: AbortSignal }) => Promise<Response>
  /** Milliseconds, never going back. */
  now: () => number
  sleep: (milliseconds: number) => Promise<unknown>
  /** Shows a line that the next one may take the place of. */
  progress: (line: string) => void
}

/** The tools of a real update. */
export function systemPollTools(): PollTools {
  return {
    fetch: (url, init) => fetch(url, init),
    now: () => performance.now(),
    sleep,
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
  }
}

const POLL_MS = 2_000
const PROGRESS_MS = 10_000
/** How long one answer is waited for. */
export const ANSWER_MS = 10_000

/** What is waited for. */
export interface Wait<Failure> {
  /** For the lines that tell of the waiting. */
  url: string
  minutes: number
  /** Asks for the nth time, from 0. @returns What is wrong, if anything */
  probe: (asked: number) => Promise<Failure | undefined>
  /** Milliseconds between a question and the next. @default 2 seconds */
  pauseMs?: (asked: number) => number | undefined
  /** What is wrong, for a line. */
  summary: (failure: Failure) => string
  /** What is wrong in the end. */
  error: (failure: Failure) => Error
}

/** Asks until nothing is wrong. @throws what `error` makes, when the minutes are over */
export async function poll<Failure>(wait: Wait<Failure>, tools: PollTools): Promise<void> {
  const start = tools.now()
  const deadline = start + wait.minutes * 60_000
  let told = start
  for (let asked = 0; ; asked += 1) {
    const failure = await wait.probe(asked)
    if (failure === undefined) return
    const now = tools.now()
    if (now + POLL_MS >= deadline) throw wait.error(failure)
    if (now - told >= PROGRESS_MS) {
      told = now
      const seconds = Math.round((now - start) / 1000)
      tools.progress(`Waiting for ${wait.url} (${seconds} s): ${wait.summary(failure)}`)
    }
    await tools.sleep(wait.pauseMs?.(asked) ?? POLL_MS)
  }
}

/** `1 minute`, `2 minutes`. */
export function inMinutes(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

/** Asks one question. @returns What is wrong with the answer, if anything */
export async function ask(
  url: string,
  tools: PollTools,
  check: (response: Response) => Promise<string | undefined>,
  answerMs: number = ANSWER_MS,
): Promise<string | undefined> {
  try {
    const response = await tools.fetch(url, { signal: AbortSignal.timeout(answerMs) })
    if (response.status === 200) return await check(response)
    await response.body?.cancel()
    return `status ${response.status}`
  } catch (error) {
    return reason(error, answerMs)
  }
}

/** Asks for the page, whose bytes do not matter. @returns What is wrong with the answer, if anything */
export function probePage(
  url: string,
  tools: PollTools,
  answerMs?: number,
): Promise<string | undefined> {
  const isThere = async (response: Response) => {
    await response.body?.cancel()
    return undefined
  }
  return ask(url, tools, isThere, answerMs)
}

/** What `GET /healthz` of a server tells, as far as it is read here. */
export interface Health {
  release?: string | undefined
  /** Of the process that answered, behind a proxy. */
  instance?: string | undefined
  /** Of https: off, pending, serving or failing. */
  state?: string | undefined
  /** What keeps the server from getting a certificate. */
  problem?: string | undefined
}

/** Reads it; nothing is told by what some other page answers. */
export function parseHealth(text: string): Health {
  try {
    const { release, instance, https } = JSON.parse(text) as Record<string, unknown>
    const { state, problem } = (https ?? {}) as Record<string, unknown>
    return {
      release: textOf(release),
      instance: textOf(instance),
      state: textOf(state),
      problem: textOf(problem),
    }
  } catch {
    return {}
  }
}

/** @returns What is wrong with the release that a server tells, if anything */
export function releaseMismatch(health: Health, release: string): string | undefined {
  if (health.release === release) return undefined
  return `release ${health.release ?? 'unknown'} instead of ${release}`
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function reason(error: unknown, answerMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${answerMs / 1000} s`
  const { cause } = error
  if (cause instanceof Error) return cause.message || String((cause as { code?: string }).code)
  return error.message
}
