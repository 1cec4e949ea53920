import * as pulumi from '@pulumi/pulumi'
import {
  ANSWER_MS,
  ask,
  type Health,
  inMinutes,
  type PollTools,
  parseHealth,
  poll,
  probePage,
  releaseMismatch,
  systemPollTools,
} from './poll.ts'

export interface ServerReadinessInput {
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
 * It fails with a pulumi.RunError as `waitForServer` does.
 */
export function urlWhenReady(
  input: { [K in keyof ServerReadinessInput]: pulumi.Input<ServerReadinessInput[K]> },
  tools?: PollTools,
): pulumi.Output<string> {
  return pulumi.output(input).apply(async (known) => {
    if (!pulumi.runtime.isDryRun()) await waitForServer(known as ServerReadinessInput, tools)
    return known.url
  })
}

/** Of the first questions: one that got lost, as the address leads nowhere yet, is lost for good. */
const FIRST_ANSWERS_MS = [1_000, 2_000, 4_000]
const FIRST_PAUSES_MS = [500, 1_000]

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
export async function waitForServer(
  input: ServerReadinessInput,
  tools: PollTools = systemPollTools(),
): Promise<void> {
  await poll(
    {
      ...input,
      probe: (asked) => probe(input, tools, FIRST_ANSWERS_MS[asked] ?? ANSWER_MS),
      pauseMs: (asked) => FIRST_PAUSES_MS[asked],
      summary: (failure) => progressOf(input, failure),
      error: (failure) => new pulumi.RunError(advice(input, failure)),
    },
    tools,
  )
}

interface Failure {
  url: string
  answer: string
  /** Set when the page answers with this release, by http alone. */
  byHttp?: Health
}

async function probe(
  input: ServerReadinessInput,
  tools: PollTools,
  answerMs: number,
): Promise<Failure | undefined> {
  const failure = await probeAt(input.url, input, tools, answerMs)
  if (failure === undefined || !isHttps(input)) return failure
  let byHttp: Health = {}
  const url = `${httpUrl(input)}/healthz`
  const check = async (response: Response) => {
    byHttp = parseHealth(await response.text())
    return releaseMismatch(byHttp, input.release)
  }
  const answer = await ask(url, tools, check, answerMs)
  return answer === undefined ? { ...failure, byHttp } : { url, answer }
}

async function probeAt(
  base: string,
  input: ServerReadinessInput,
  tools: PollTools,
  answerMs: number,
): Promise<Failure | undefined> {
  const health = `${base}/healthz`
  const page = `${base}/`
  const isRelease = async (response: Response) =>
    releaseMismatch(parseHealth(await response.text()), input.release)
  const healthAnswer = await ask(health, tools, isRelease, answerMs)
  if (healthAnswer !== undefined) return { url: health, answer: healthAnswer }
  const pageAnswer = await probePage(page, tools, answerMs)
  return pageAnswer === undefined ? undefined : { url: page, answer: pageAnswer }
}

function isHttps(input: ServerReadinessInput): boolean {
  return input.url.startsWith('https:')
}

function httpUrl(input: ServerReadinessInput): string {
  return `http://${input.address}`
}

function progressOf(input: ServerReadinessInput, { answer, byHttp }: Failure): string {
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
function domainOf(input: ServerReadinessInput): string | undefined {
  const name = new URL(input.url).hostname
  return name === input.address ? undefined : name
}

function advice(input: ServerReadinessInput, failure: Failure): string {
  const { region, instanceId, minutes } = input
  const waited = inMinutes(minutes)
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
