import { setTimeout as sleep } from 'node:timers/promises'
import * as pulumi from '@pulumi/pulumi'

export interface ServingInput {
  /** Of the page, without a slash at its end. */
  url: string
  /** IPv4 address that the page answers at by http, too, with or without a certificate for `url`. */
  address: string
  /** Id that `GET /healthz` must tell. */
  release: string
  region: string
  instanceId: string
  /** How long to wait. */
  minutes: number
}

/**
 * The page's address, known only once the page answers with this release; at once in a preview.
 * It fails with a pulumi.RunError as `untilServing` does.
 */
export function whenServing(
  input: { [K in keyof ServingInput]: pulumi.Input<ServingInput[K]> },
  tools?: ServingTools,
): pulumi.Output<string> {
  return pulumi.output(input).apply(async (known) => {
    if (!pulumi.runtime.isDryRun()) await untilServing(known as ServingInput, tools)
    return known.url
  })
}

/** What the waiting stands on; replaced in tests. */
export interface ServingTools {
  fetch: (url: string, init: { signal: AbortSignal }) => Promise<Response>
  /** Milliseconds, never going back. */
  now: () => number
  sleep: (milliseconds: number) => Promise<unknown>
  /** Shows a line that the next one may take the place of. */
  progress: (line: string) => void
}

const POLL_MS = 2_000
const ANSWER_MS = 10_000
/** Of the first questions: one that got lost, as the address leads nowhere yet, is lost for good. */
const FIRST_ANSWERS_MS = [1_000, 2_000, 4_000]
const FIRST_PAUSES_MS = [500, 1_000]
const PROGRESS_MS = 10_000

/** Workbench, the page of the console that logs on to an instance. */
export function loginAddress(region: string, instanceId: string): string {
  const query = new URLSearchParams({
    from: 'EcsConsole',
    instanceType: 'ecs',
    regionId: region,
    instanceId,
  })
  return `https://ecs-workbench.aliyun.com/?${query}`
}

/**
 * Waits until the page answers with this release; at an https address, with a certificate that this
 * machine trusts.
 *
 * @throws pulumi.RunError that tells the last answer and where to look
 */
export async function untilServing(
  input: ServingInput,
  tools: ServingTools = systemTools(),
): Promise<void> {
  const start = tools.now()
  const deadline = start + input.minutes * 60_000
  let told = start
  for (let asked = 0; ; asked += 1) {
    const failure = await probe(input, tools, FIRST_ANSWERS_MS[asked] ?? ANSWER_MS)
    if (failure === undefined) return
    const now = tools.now()
    if (now + POLL_MS >= deadline) throw new pulumi.RunError(advice(input, failure))
    if (now - told >= PROGRESS_MS) {
      told = now
      const seconds = Math.round((now - start) / 1000)
      tools.progress(`Waiting for ${input.url} (${seconds} s): ${progressOf(input, failure)}`)
    }
    await tools.sleep(FIRST_PAUSES_MS[asked] ?? POLL_MS)
  }
}

interface Failure {
  url: string
  answer: string
  /** Set when the page answers with this release, by http alone. */
  byHttp?: Health
}

async function probe(
  input: ServingInput,
  tools: ServingTools,
  answerMs: number,
): Promise<Failure | undefined> {
  const failure = await probeAt(input.url, input, tools, answerMs)
  if (failure === undefined || !isHttps(input)) return failure
  let byHttp: Health = {}
  const url = `${httpUrl(input)}/healthz`
  const check = async (response: Response) => {
    byHttp = healthOf(await response.text())
    return wrongRelease(byHttp, input)
  }
  const answer = await ask(url, tools, check, answerMs)
  return answer === undefined ? { ...failure, byHttp } : { url, answer }
}

async function probeAt(
  base: string,
  input: ServingInput,
  tools: ServingTools,
  answerMs: number,
): Promise<Failure | undefined> {
  const health = `${base}/healthz`
  const page = `${base}/`
  const isRelease = async (response: Response) =>
    wrongRelease(healthOf(await response.text()), input)
  const healthAnswer = await ask(health, tools, isRelease, answerMs)
  if (healthAnswer !== undefined) return { url: health, answer: healthAnswer }
  const isThere = async (response: Response) => {
    await response.body?.cancel()
    return undefined
  }
  const pageAnswer = await ask(page, tools, isThere, answerMs)
  return pageAnswer === undefined ? undefined : { url: page, answer: pageAnswer }
}

function isHttps(input: ServingInput): boolean {
  return input.url.startsWith('https:')
}

function httpUrl(input: ServingInput): string {
  return `http://${input.address}`
}

/** Asks one question. @returns What is wrong with the answer, if anything */
export async function ask(
  url: string,
  tools: ServingTools,
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

interface Health {
  release?: string | undefined
  /** Of https: off, pending, serving or failing. */
  state?: string | undefined
  /** What keeps the server from getting a certificate. */
  problem?: string | undefined
}

function healthOf(text: string): Health {
  try {
    const { release, https } = JSON.parse(text) as { release?: unknown; https?: unknown }
    const { state, problem } = (https ?? {}) as { state?: unknown; problem?: unknown }
    return { release: textOf(release), state: textOf(state), problem: textOf(problem) }
  } catch {
    return {}
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}

function wrongRelease({ release }: Health, input: ServingInput): string | undefined {
  if (release === input.release) return undefined
  return `release ${release ?? 'unknown'} instead of ${input.release}`
}

function reason(error: unknown, answerMs: number): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${answerMs / 1000} s`
  const { cause } = error
  if (cause instanceof Error) return cause.message || String((cause as { code?: string }).code)
  return error.message
}

function progressOf(input: ServingInput, { answer, byHttp }: Failure): string {
  if (byHttp === undefined) return answer
  const domain = domainOf(input)
  return [
    `${httpUrl(input)} answers, but by https: ${answer}`,
    serverSays(byHttp),
    ...(domain === undefined ? [] : [`${domain} has to lead to ${input.address}`]),
  ].join('; ')
}

function serverSays({ state, problem }: Health): string {
  if (state === 'serving') return 'it has a certificate; this machine does not reach or trust it'
  return problem ?? 'it waits for its certificate'
}

/** The name of an https address; undefined when it is the address itself. */
function domainOf(input: ServingInput): string | undefined {
  const name = new URL(input.url).hostname
  return name === input.address ? undefined : name
}

function advice(input: ServingInput, failure: Failure): string {
  const { region, instanceId, minutes } = input
  const waited = minutes === 1 ? '1 minute' : `${minutes} minutes`
  const last = `  Tried last: GET ${failure.url}: ${failure.answer}`
  const log = `log on at ${loginAddress(region, instanceId)} and run`
  const repeat = 'Everything else is in place: `pulumi up` can be repeated, and waits again.'
  const { byHttp } = failure
  if (byHttp !== undefined) {
    const domain = domainOf(input)
    return [
      `The page does not come by https at ${input.url} after ${waited}.`,
      last,
      `  The server says: ${serverSays(byHttp)}`,
      ...(domain === undefined
        ? []
        : [`  ${domain} has to lead to ${input.address}: an A record, and none of type AAAA.`]),
      `  The page works at ${httpUrl(input)} meanwhile, and the server goes on trying.`,
      `  Look inside: ${log}`,
      '    journalctl -u oss-direct-upload',
      `  ${repeat}`,
    ].join('\n')
  }
  return [
    `The page does not answer at ${input.url} after ${waited}.`,
    last,
    '  The setting allowedCidrs has to let this machine in.',
    `  Look inside: ${log}`,
    '    cloud-init status --long',
    '    journalctl -u oss-direct-upload',
    '  Look from outside:',
    `    aliyun ecs GetInstanceConsoleOutput --RegionId ${region} --InstanceId ${instanceId}`,
    `  ${repeat}`,
  ].join('\n')
}

/** The tools of a real update. */
export function systemTools(): ServingTools {
  return {
    fetch: (url, init) => fetch(url, init),
    now: () => performance.now(),
    sleep,
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
  }
}
