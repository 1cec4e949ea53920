import * as pulumi from '@pulumi/pulumi'
import { type BootReport, bootReport } from './console-output.ts'
import {
  formatMinutes,
  type Health,
  type PollTools,
  parseHealth,
  poll,
  probePage,
  probeRelease,
  probeUrl,
  RESPONSE_TIMEOUT_MS,
  releaseMismatch,
  systemPollTools,
} from './poll.ts'

export interface ServerReadinessInput {
  /** Of the page, without a trailing slash. */
  url: string
  /** IPv4 address where the page also answers over http, with or without a certificate for `url`. */
  address: string
  /** Id that `GET /healthz` must report. */
  release: string
  region: string
  instanceId: string
  /** Longest time to wait. */
  minutes: number
}

/** Returns the URL once the page answers with this release, at once in a preview. Fails as `waitForServer` does. */
export function urlWhenReady(
  input: { [K in keyof ServerReadinessInput]: pulumi.Input<ServerReadinessInput[K]> },
  tools?: PollTools,
): pulumi.Output<string> {
  return pulumi.output(input).apply(async (known) => {
    if (!pulumi.runtime.isDryRun()) await waitForServer(known as ServerReadinessInput, tools)
    return known.url
  })
}

/**
 * Of the first attempts, which are short: a connection that is opened before the address leads to the
 * server never gets an answer.
 */
const FIRST_TIMEOUTS_MS = [1_000, 2_000, 4_000]
const FIRST_INTERVALS_MS = [500, 1_000]

/** Returns the address of Workbench, the page of the console that logs in to an instance. */
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
 * @throws pulumi.RunError with the last answer and where to look
 */
export async function waitForServer(
  input: ServerReadinessInput,
  tools: PollTools = systemPollTools(),
): Promise<void> {
  await poll(
    {
      ...input,
      probe: (attempt) =>
        probeServer(input, tools, FIRST_TIMEOUTS_MS[attempt] ?? RESPONSE_TIMEOUT_MS),
      intervalMs: (attempt) => FIRST_INTERVALS_MS[attempt],
      summary: (failure) => summary(input, failure),
      error: async (failure) => {
        const report = await readBootReport(input, tools)
        return new pulumi.RunError(advice(input, failure, report))
      },
    },
    tools,
  )
}

interface Failure {
  url: string
  answer: string
  /** Health over http, when the page answers there with this release but not over https. */
  overHttp?: Health
}

async function probeServer(
  input: ServerReadinessInput,
  tools: PollTools,
  timeoutMs: number,
): Promise<Failure | undefined> {
  const failure = await probeOrigin(input.url, input, tools, timeoutMs)
  if (failure === undefined || !input.url.startsWith('https:')) return failure
  let overHttp: Health = {}
  const url = `${httpUrl(input)}/healthz`
  const check = async (response: Response) => {
    overHttp = parseHealth(await response.text())
    return releaseMismatch(overHttp, input.release)
  }
  const answer = await probeUrl({ url }, tools, check, timeoutMs)
  return answer === undefined ? { ...failure, overHttp } : { url, answer }
}

async function probeOrigin(
  origin: string,
  input: ServerReadinessInput,
  tools: PollTools,
  timeoutMs: number,
): Promise<Failure | undefined> {
  const health = `${origin}/healthz`
  const page = `${origin}/`
  const healthAnswer = await probeRelease({ url: health }, input.release, tools, timeoutMs)
  if (healthAnswer !== undefined) return { url: health, answer: healthAnswer }
  const pageAnswer = await probePage({ url: page }, tools, timeoutMs)
  return pageAnswer === undefined ? undefined : { url: page, answer: pageAnswer }
}

function httpUrl(input: ServerReadinessInput): string {
  return `http://${input.address}`
}

function summary(input: ServerReadinessInput, { answer, overHttp }: Failure): string {
  if (overHttp === undefined) return answer
  const domain = domainOf(input)
  return [
    `${httpUrl(input)} answers, but by https: ${answer}`,
    describeHealth(overHttp),
    ...(domain === undefined ? [] : [`${domain} has to lead to ${input.address}`]),
  ].join('; ')
}

function describeHealth({ state, problem }: Health): string {
  if (state === 'serving') return 'it has a certificate; this machine does not reach or trust it'
  return problem ?? 'it waits for its certificate'
}

/** Returns the host name of an https address, or undefined when it is the IPv4 address itself. */
function domainOf(input: ServerReadinessInput): string | undefined {
  const name = new URL(input.url).hostname
  return name === input.address ? undefined : name
}

async function readBootReport(
  { region, instanceId, release }: ServerReadinessInput,
  tools: PollTools,
): Promise<BootReport | undefined> {
  try {
    return bootReport(await tools.consoleOutput(region, instanceId), release)
  } catch {
    return undefined
  }
}

/** Tells a page that does not run apart from one that this machine cannot reach. */
function diagnosis(report: BootReport | undefined): string[] {
  if (report?.state === 'failed') return [`The instance says: ${report.reason}`]
  if (report?.state !== 'installed') return ['The setting allowedCidrs has to let this machine in.']
  return [
    'The instance says that the release is installed. If the page runs, this machine cannot reach it:',
    'the setting allowedCidrs, a proxy (HTTP_PROXY, NO_PROXY) or a firewall has to let it through.',
  ]
}

function advice(
  input: ServerReadinessInput,
  failure: Failure,
  report: BootReport | undefined,
): string {
  const { region, instanceId, minutes } = input
  const waited = formatMinutes(minutes)
  const last = `  Tried last: GET ${failure.url}: ${failure.answer}`
  const login = `log in at ${loginAddress(region, instanceId)} and run`
  const repeat = 'Everything else is in place: `pulumi up` can be repeated, and waits again.'
  const { overHttp } = failure
  if (overHttp !== undefined) {
    const domain = domainOf(input)
    return [
      `The page does not come by https at ${input.url} after ${waited}.`,
      last,
      `  The server says: ${describeHealth(overHttp)}`,
      ...(domain === undefined
        ? []
        : [`  ${domain} has to lead to ${input.address}: an A record, and none of type AAAA.`]),
      `  The page works at ${httpUrl(input)} meanwhile, and the server goes on trying.`,
      `  Look inside: ${login}`,
      '    journalctl -u oss-direct-upload',
      `  ${repeat}`,
    ].join('\n')
  }
  return [
    `The page does not answer at ${input.url} after ${waited}.`,
    last,
    ...diagnosis(report).map((line) => `  ${line}`),
    `  Look inside: ${login}`,
    '    cloud-init status --long',
    '    journalctl -u oss-direct-upload',
    '  Look from outside:',
    `    aliyun ecs GetInstanceConsoleOutput --RegionId ${region} --InstanceId ${instanceId}`,
    `  ${repeat}`,
  ].join('\n')
}
