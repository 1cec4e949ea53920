import { setTimeout as sleep } from 'node:timers/promises'
import * as pulumi from '@pulumi/pulumi'

export interface ServingInput {
  /** Of the page, without a slash at its end. */
  url: string
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
 * Waits until the page answers with this release.
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
  for (;;) {
    const failure = await probe(input, tools)
    if (failure === undefined) return
    const now = tools.now()
    if (now + POLL_MS >= deadline) throw new pulumi.RunError(advice(input, failure))
    if (now - told >= PROGRESS_MS) {
      told = now
      const seconds = Math.round((now - start) / 1000)
      tools.progress(`Waiting for ${input.url} (${seconds} s): ${failure.answer}`)
    }
    await tools.sleep(POLL_MS)
  }
}

interface Failure {
  url: string
  answer: string
}

async function probe(input: ServingInput, tools: ServingTools): Promise<Failure | undefined> {
  const health = `${input.url}/healthz`
  const page = `${input.url}/`
  const healthAnswer = await ask(health, tools, async (response) => {
    const release = releaseOf(await response.text())
    return release === input.release
      ? undefined
      : `release ${release ?? 'unknown'} instead of ${input.release}`
  })
  if (healthAnswer !== undefined) return { url: health, answer: healthAnswer }
  const pageAnswer = await ask(page, tools, async (response) => {
    await response.body?.cancel()
    return undefined
  })
  return pageAnswer === undefined ? undefined : { url: page, answer: pageAnswer }
}

async function ask(
  url: string,
  tools: ServingTools,
  check: (response: Response) => Promise<string | undefined>,
): Promise<string | undefined> {
  try {
    const response = await tools.fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) })
    if (response.status === 200) return await check(response)
    await response.body?.cancel()
    return `status ${response.status}`
  } catch (error) {
    return reason(error)
  }
}

function releaseOf(text: string): string | undefined {
  try {
    const { release } = JSON.parse(text) as { release?: unknown }
    return typeof release === 'string' ? release : undefined
  } catch {
    return undefined
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.name === 'TimeoutError') return `no answer within ${ANSWER_MS / 1000} s`
  const { cause } = error
  if (cause instanceof Error) return cause.message || String((cause as { code?: string }).code)
  return error.message
}

function advice(input: ServingInput, failure: Failure): string {
  const { region, instanceId, minutes } = input
  const waited = minutes === 1 ? '1 minute' : `${minutes} minutes`
  return [
    `The page does not answer at ${input.url} after ${waited}.`,
    `  Tried last: GET ${failure.url}: ${failure.answer}`,
    '  The setting allowedCidrs has to let this machine in.',
    `  Look inside: log on at ${loginAddress(region, instanceId)} and run`,
    '    cloud-init status --long',
    '    journalctl -u oss-direct-upload',
    '  Look from outside:',
    `    aliyun ecs GetInstanceConsoleOutput --RegionId ${region} --InstanceId ${instanceId}`,
    '  Everything else is in place: `pulumi up` can be repeated, and waits again.',
  ].join('\n')
}

function systemTools(): ServingTools {
  return {
    fetch: (url, init) => fetch(url, init),
    now: () => performance.now(),
    sleep,
    progress: (line) => void pulumi.log.info(line, undefined, undefined, true),
  }
}
