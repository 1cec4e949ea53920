import { sleep } from '@oss-direct-upload/retry'
import * as pulumi from '@pulumi/pulumi'
import { fetchHostAt } from '../identity/environment-proxy.ts'
import { consoleOutput } from './console-output.ts'

/** What polling needs of the outside world; replaced in tests. */
export interface PollTools {
  /** @param host Value of the Host header. @default the host of the URL */
  fetch: (url: string, signal: AbortSignal, host?: string) => Promise<Response>
  /** Monotonic clock in milliseconds. */
  now: () => number
  sleep: (ms: number) => Promise<unknown>
  /** Shows a line that the next one may replace. */
  progress: (line: string) => void
  /** Shows a warning that stays. */
  warn: (line: string) => void
  /** Returns the console output of an instance. @throws Error when the cloud does not answer */
  consoleOutput: (region: string, instanceId: string) => Promise<string>
}

/** Returns the tools of a real update. */
export function systemPollTools(): PollTools {
  return {
    fetch: (url, signal, host) =>
      host === undefined ? fetch(url, { signal }) : fetchHostAt(url, host, signal),
    now: () => performance.now(),
    sleep,
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
    warn: (line) => void pulumi.log.warn(line),
    consoleOutput,
  }
}

/** Default of the setting `readyMinutes`: longest time to wait for the page to answer. */
export const READY_MINUTES = 10
const INTERVAL_MS = 2_000
const PROGRESS_INTERVAL_MS = 10_000
/** Longest time to wait for one response. */
export const RESPONSE_TIMEOUT_MS = 10_000

export interface PollOptions<Failure> {
  /** Named in the lines of progress. */
  url: string
  /** Longest time to poll. */
  minutes: number
  /** Returns what is wrong, or undefined when nothing is. @param attempt From 0 */
  probe: (attempt: number) => Promise<Failure | undefined>
  /** Returns the delay after an attempt. @default 2 seconds */
  intervalMs?: (attempt: number) => number | undefined
  /** Describes a failure in a line of progress. */
  summary: (failure: Failure) => string
  /** Makes the error to throw when the time is over. */
  error: (failure: Failure) => Error | Promise<Error>
}

/** Probes until nothing is wrong. @throws the error of the last failure when the time is over */
export async function poll<Failure>(
  options: PollOptions<Failure>,
  tools: PollTools,
): Promise<void> {
  const start = tools.now()
  const deadline = start + options.minutes * 60_000
  let lastProgress = start
  for (let attempt = 0; ; attempt += 1) {
    const failure = await options.probe(attempt)
    if (failure === undefined) return
    const now = tools.now()
    if (now + INTERVAL_MS >= deadline) throw await options.error(failure)
    if (now - lastProgress >= PROGRESS_INTERVAL_MS) {
      lastProgress = now
      const seconds = Math.round((now - start) / 1000)
      tools.progress(`Waiting for ${options.url} (${seconds} s): ${options.summary(failure)}`)
    }
    await tools.sleep(options.intervalMs?.(attempt) ?? INTERVAL_MS)
  }
}

/** Returns `1 minute` or `2 minutes`. */
export function formatMinutes(minutes: number): string {
  return minutes === 1 ? '1 minute' : `${minutes} minutes`
}

/** Where a request goes. */
export interface ProbeTarget {
  url: string
  /** Value of the Host header. @default the host of the URL */
  host?: string
}

/**
 * Sends a request once.
 *
 * @param check Returns what is wrong with a response of status 200
 * @returns What is wrong, or undefined when nothing is
 */
export async function probeUrl(
  { url, host }: ProbeTarget,
  tools: PollTools,
  check: (response: Response) => Promise<string | undefined>,
  timeoutMs: number = RESPONSE_TIMEOUT_MS,
): Promise<string | undefined> {
  try {
    const response = await tools.fetch(url, AbortSignal.timeout(timeoutMs), host)
    if (response.status === 200) return await check(response)
    await response.body?.cancel()
    return `status ${response.status}`
  } catch (error) {
    return networkReason(error, timeoutMs)
  }
}

/** Requests the health. @returns What is wrong, such as another release, or undefined when nothing is */
export function probeRelease(
  target: ProbeTarget,
  release: string,
  tools: PollTools,
  timeoutMs?: number,
): Promise<string | undefined> {
  const isRelease = async (response: Response) =>
    releaseMismatch(parseHealth(await response.text()), release)
  return probeUrl(target, tools, isRelease, timeoutMs)
}

/** Requests the page without reading it. @returns What is wrong, or undefined when nothing is */
export function probePage(
  target: ProbeTarget,
  tools: PollTools,
  timeoutMs?: number,
): Promise<string | undefined> {
  const discard = async (response: Response) => {
    await response.body?.cancel()
    return undefined
  }
  return probeUrl(target, tools, discard, timeoutMs)
}

/** The part of `GET /healthz` that deploying reads. */
export interface Health {
  release?: string | undefined
  /** Identifies the process that answered, behind a proxy. */
  instance?: string | undefined
  /** Of https: off, pending, serving or failing. */
  state?: string | undefined
  /** Why the server gets no certificate. */
  problem?: string | undefined
}

/** Returns the health in a response's body; empty when something else answered. */
export function parseHealth(body: string): Health {
  try {
    const { release, instance, https } = JSON.parse(body) as Record<string, unknown>
    const { state, problem } = (https ?? {}) as Record<string, unknown>
    return {
      release: asString(release),
      instance: asString(instance),
      state: asString(state),
      problem: asString(problem),
    }
  } catch {
    return {}
  }
}

/** Returns what is wrong with the release that a server reports, or undefined when nothing is. */
export function releaseMismatch(health: Health, release: string): string | undefined {
  if (health.release === release) return undefined
  return `release ${health.release ?? 'unknown'} instead of ${release}`
}

function asString(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function networkReason(error: unknown, timeoutMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`
  const { cause } = error
  if (cause instanceof Error) return cause.message || String((cause as { code?: string }).code)
  return error.message
}
