import * as pulumi from '@pulumi/pulumi'
import { ask, type ServingTools, systemTools } from './readiness.ts'
import { SentenceError } from './sentence-error.ts'

export interface FleetServingInput {
  /** Of the load balancer, with a port where it is not 80, without a slash at its end. */
  url: string
  /** Id that `GET /healthz` must tell. */
  release: string
  /** How many different instances must answer. */
  instances: number
  region: string
  scalingGroupId: string
  /** How long to wait. */
  minutes: number
}

/** Known once the release answers, at once in a preview. It fails as `untilFleetServes` does. */
export function whenFleetServes(
  input: { [K in keyof FleetServingInput]: pulumi.Input<FleetServingInput[K]> },
  tools?: ServingTools,
): pulumi.Output<string> {
  return pulumi.output(input).apply(async (known) => {
    if (!pulumi.runtime.isDryRun()) await untilFleetServes(known as FleetServingInput, tools)
    return known.url
  })
}

const POLL_MS = 2_000
const PROGRESS_MS = 10_000
/** An instance that has not answered for so long may be gone. */
const FRESH_MS = 30_000
/** Questions in a row for each instance that is still to answer. */
const QUESTIONS = 3

interface Found {
  answer: string
  instances: number
}

/**
 * Waits until the page and as many instances as there have to be answer with this release, and
 * nothing else does.
 *
 * @throws SentenceError that tells the last answer and where to look
 */
export async function untilFleetServes(
  input: FleetServingInput,
  tools: ServingTools = systemTools(),
): Promise<void> {
  const start = tools.now()
  const deadline = start + input.minutes * 60_000
  const seen = new Map<string, number>()
  let told = start
  for (;;) {
    const found = await round(input, tools, seen)
    if (found === undefined) return
    const now = tools.now()
    if (now + POLL_MS >= deadline) throw new SentenceError(advice(input, found))
    if (now - told >= PROGRESS_MS) {
      told = now
      const seconds = Math.round((now - start) / 1000)
      tools.progress(`Waiting for ${input.url} (${seconds} s): ${summary(input, found)}`)
    }
    await tools.sleep(POLL_MS)
  }
}

/** Asks until enough have answered or one answers wrongly. */
async function round(
  input: FleetServingInput,
  tools: ServingTools,
  seen: Map<string, number>,
): Promise<Found | undefined> {
  for (const [instance, at] of seen) if (tools.now() - at > FRESH_MS) seen.delete(instance)
  for (let asked = 0; asked < input.instances * QUESTIONS; asked += 1) {
    const wrong = await ask(`${input.url}/healthz`, tools, async (response) => {
      const { release, instance } = healthOf(await response.text())
      if (release !== input.release) {
        return `release ${release ?? 'unknown'} instead of ${input.release}`
      }
      seen.set(instance ?? '', tools.now())
      return undefined
    })
    if (wrong !== undefined) return { answer: `GET /healthz: ${wrong}`, instances: seen.size }
    if (seen.size >= input.instances) return page(input, tools, seen.size)
  }
  return { answer: 'GET /healthz: the release, from too few instances', instances: seen.size }
}

async function page(
  input: FleetServingInput,
  tools: ServingTools,
  instances: number,
): Promise<Found | undefined> {
  const wrong = await ask(`${input.url}/`, tools, async (response) => {
    await response.body?.cancel()
    return undefined
  })
  return wrong === undefined ? undefined : { answer: `GET /: ${wrong}`, instances }
}

function healthOf(text: string): { release: string | undefined; instance: string | undefined } {
  const told: Record<string, unknown> = { release: undefined, instance: undefined }
  try {
    Object.assign(told, JSON.parse(text))
  } catch {
    // Some other page; it tells no release.
  }
  const { release, instance } = told
  return {
    release: typeof release === 'string' ? release : undefined,
    instance: typeof instance === 'string' ? instance : undefined,
  }
}

function summary(input: FleetServingInput, { answer, instances }: Found): string {
  return `${answer} (${instances} of ${input.instances} instances have answered)`
}

function advice(input: FleetServingInput, found: Found): string {
  const { url, region, scalingGroupId, minutes } = input
  const waited = minutes === 1 ? '1 minute' : `${minutes} minutes`
  return [
    `The fleet does not answer at ${url} after ${waited}.`,
    `  Tried last: ${summary(input, found)}`,
    '  If instances could not be made, or were replaced, the last activities say why:',
    `    aliyun ess DescribeScalingActivities --RegionId ${region} --ScalingGroupId ${scalingGroupId}`,
    '  If they run, look from outside at one of them:',
    `    aliyun ess DescribeScalingInstances --RegionId ${region} --ScalingGroupId ${scalingGroupId}`,
    `    aliyun ecs GetInstanceConsoleOutput --RegionId ${region} --InstanceId INSTANCE`,
    '  A release before this one serves on. `pulumi up` can be repeated, and waits again.',
  ].join('\n')
}
