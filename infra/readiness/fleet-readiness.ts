import * as pulumi from '@pulumi/pulumi'
import { UserError } from '../pulumi/user-error.ts'
import {
  ask,
  inMinutes,
  type PollTools,
  parseHealth,
  poll,
  probePage,
  releaseMismatch,
  systemPollTools,
} from './poll.ts'

export interface FleetReadinessInput {
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

/** Known once the release answers, at once in a preview. It fails as `waitForFleet` does. */
export function urlWhenFleetReady(
  input: { [K in keyof FleetReadinessInput]: pulumi.Input<FleetReadinessInput[K]> },
  tools?: PollTools,
): pulumi.Output<string> {
  return pulumi.output(input).apply(async (known) => {
    if (!pulumi.runtime.isDryRun()) await waitForFleet(known as FleetReadinessInput, tools)
    return known.url
  })
}

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
 * @throws UserError that tells the last answer and where to look
 */
export async function waitForFleet(
  input: FleetReadinessInput,
  tools: PollTools = systemPollTools(),
): Promise<void> {
  const seen = new Map<string, number>()
  await poll(
    {
      ...input,
      probe: () => round(input, tools, seen),
      summary: (found) => summary(input, found),
      error: (found) => new UserError(advice(input, found)),
    },
    tools,
  )
}

/** Asks until enough have answered or one answers wrongly. */
async function round(
  input: FleetReadinessInput,
  tools: PollTools,
  seen: Map<string, number>,
): Promise<Found | undefined> {
  for (const [instance, at] of seen) if (tools.now() - at > FRESH_MS) seen.delete(instance)
  for (let asked = 0; asked < input.instances * QUESTIONS; asked += 1) {
    const answer = await ask(`${input.url}/healthz`, tools, async (response) => {
      const health = parseHealth(await response.text())
      const wrong = releaseMismatch(health, input.release)
      if (wrong !== undefined) return wrong
      seen.set(health.instance ?? '', tools.now())
      return undefined
    })
    if (answer !== undefined) return { answer: `GET /healthz: ${answer}`, instances: seen.size }
    if (seen.size >= input.instances) return page(input, tools, seen.size)
  }
  return { answer: 'GET /healthz: the release, from too few instances', instances: seen.size }
}

async function page(
  input: FleetReadinessInput,
  tools: PollTools,
  instances: number,
): Promise<Found | undefined> {
  const wrong = await probePage(`${input.url}/`, tools)
  return wrong === undefined ? undefined : { answer: `GET /: ${wrong}`, instances }
}

function summary(input: FleetReadinessInput, { answer, instances }: Found): string {
  return `${answer} (${instances} of ${input.instances} instances have answered)`
}

function advice(input: FleetReadinessInput, found: Found): string {
  const { url, region, scalingGroupId, minutes } = input
  const waited = inMinutes(minutes)
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
