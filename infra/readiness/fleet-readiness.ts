import * as pulumi from '@pulumi/pulumi'
import { UserError } from '../pulumi/user-error.ts'
import {
  formatMinutes,
  type PollTools,
  parseHealth,
  poll,
  probePage,
  probeUrl,
  releaseMismatch,
  systemPollTools,
} from './poll.ts'

export interface FleetReadinessInput {
  /** Of the load balancer, with a port unless it is 80, without a trailing slash. */
  url: string
  /** Of the page: the load balancer serves no requests for its own name. */
  domain: string
  /** Id that `GET /healthz` must report. */
  release: string
  /** Number of different instances that must answer. */
  instances: number
  region: string
  scalingGroupId: string
  /** Longest time to wait. */
  minutes: number
}

/** Returns the URL once the release answers, at once in a preview. Fails as `waitForFleet` does. */
export function urlWhenFleetReady(
  input: { [K in keyof FleetReadinessInput]: pulumi.Input<FleetReadinessInput[K]> },
  tools?: PollTools,
): pulumi.Output<string> {
  return pulumi.output(input).apply(async (known) => {
    if (!pulumi.runtime.isDryRun()) await waitForFleet(known as FleetReadinessInput, tools)
    return known.url
  })
}

/** An instance that has not answered for this long may have been released. */
const SEEN_FOR_MS = 30_000
/** Requests in a row, for each instance. */
const REQUESTS_PER_INSTANCE = 3

interface Failure {
  answer: string
  /** Number of instances that have answered. */
  instances: number
}

/**
 * Waits until the page and enough instances answer with this release, and no other release answers.
 *
 * @throws UserError with the last answer and where to look
 */
export async function waitForFleet(
  input: FleetReadinessInput,
  tools: PollTools = systemPollTools(),
): Promise<void> {
  const lastSeen = new Map<string, number>()
  await poll(
    {
      ...input,
      probe: () => probeFleet(input, tools, lastSeen),
      summary: (failure) => summary(input, failure),
      error: (failure) => new UserError(advice(input, failure)),
    },
    tools,
  )
}

/** Sends requests until enough instances have answered, or one answer is wrong. */
async function probeFleet(
  input: FleetReadinessInput,
  tools: PollTools,
  lastSeen: Map<string, number>,
): Promise<Failure | undefined> {
  const { port } = new URL(input.url)
  const host = port === '' ? input.domain : `${input.domain}:${port}`
  const target = (path: string) => ({ url: `${input.url}${path}`, host })
  for (const [instance, at] of lastSeen) {
    if (tools.now() - at > SEEN_FOR_MS) lastSeen.delete(instance)
  }
  for (let request = 0; request < input.instances * REQUESTS_PER_INSTANCE; request += 1) {
    const wrong = await probeUrl(target('/healthz'), tools, async (response) => {
      const health = parseHealth(await response.text())
      const mismatch = releaseMismatch(health, input.release)
      if (mismatch === undefined) lastSeen.set(health.instance ?? '', tools.now())
      return mismatch
    })
    if (wrong !== undefined) return { answer: `GET /healthz: ${wrong}`, instances: lastSeen.size }
    if (lastSeen.size >= input.instances) {
      const wrongPage = await probePage(target('/'), tools)
      return wrongPage === undefined
        ? undefined
        : { answer: `GET /: ${wrongPage}`, instances: lastSeen.size }
    }
  }
  return { answer: 'GET /healthz: the release, from too few instances', instances: lastSeen.size }
}

function summary(input: FleetReadinessInput, { answer, instances }: Failure): string {
  return `${answer} (${instances} of ${input.instances} instances have answered)`
}

function advice(input: FleetReadinessInput, failure: Failure): string {
  const { url, domain, region, scalingGroupId, minutes } = input
  const waited = formatMinutes(minutes)
  return [
    `The fleet does not answer at ${url} for ${domain} after ${waited}.`,
    `  Tried last: ${summary(input, failure)}`,
    '  If instances could not be made, or were replaced, the last activities say why:',
    `    aliyun ess DescribeScalingActivities --RegionId ${region} --ScalingGroupId ${scalingGroupId}`,
    '  If they run, look from outside at one of them:',
    `    aliyun ess DescribeScalingInstances --RegionId ${region} --ScalingGroupId ${scalingGroupId}`,
    `    aliyun ecs GetInstanceConsoleOutput --RegionId ${region} --InstanceId INSTANCE`,
    '  A release before this one serves on. `pulumi up` can be repeated, and waits again.',
  ].join('\n')
}
