import { join } from 'node:path'
import type { Credentials } from '@oss-direct-upload/signing'
import { PASSPHRASE, StackProject } from '../cloud/stack/stack-project.ts'
import { leftovers, type StateResource } from './leftovers.ts'
import { uploadByPage } from './page-upload.ts'
import type { LiveStack, Probe } from './probe.ts'
import { NOT_ASKED } from './probes/index.ts'
import { outcome } from './probes/requests.ts'
import { compared, type LiveReport, type ProbeResult, type Step } from './report.ts'

export interface LiveRunOptions {
  /** Name of the stack. */
  name: string
  region: string
  deployer: Credentials
  probes: readonly Probe[]
  /** Ends the run early; what was made is still removed. */
  interrupted: AbortSignal
  print: (line: string) => void
}

/**
 * Stands a stack up, uploads, asks all questions, and takes everything down, whatever fails in between.
 *
 * @throws ToolchainError or an error of the file system before anything is made
 */
export async function liveRun(options: LiveRunOptions): Promise<LiveReport> {
  const run = new LiveRun(options)
  const project = await StackProject.create({
    environment: cloudEnvironment(),
    config: { 'alicloud:region': options.region },
    stack: options.name,
    usesInstalledEngine: true,
  })
  try {
    await run.standUp(project)
  } finally {
    await run.takeDown(project)
  }
  return run.report()
}

class LiveRun {
  readonly #options: LiveRunOptions
  readonly #startedAt = new Date().toISOString()
  readonly #steps: Step[] = []
  readonly #probes: ProbeResult[] = []
  #resources: StateResource[] = []
  #leftovers: string[] = []

  constructor(options: LiveRunOptions) {
    this.#options = options
  }

  async standUp(project: StackProject): Promise<void> {
    const { name, region, deployer, interrupted } = this.#options
    if (interrupted.aborted) return
    const isUp = await this.#step('pulumi up', async () => {
      const { code, output } = await project.run(['up', '--yes', '--skip-preview'], interrupted)
      if (code !== 0) throw new Error(lastLines(output))
    })
    if (!isUp || interrupted.aborted) return
    let stack: LiveStack | undefined
    let address = ''
    await this.#step('outputs', async () => {
      const outputs = await project.outputs()
      address = outputs.OssClientAddress ?? ''
      const uploader = await project.accessKey()
      stack = {
        name,
        region,
        deployer,
        uploader,
        bucket: outputs.OssBucketName ?? '',
        dir: 'upload/',
      }
    })
    if (stack === undefined) return
    const found = stack
    await this.#step('an upload by form', () => uploadByForm(address))
    await this.#step('an upload by the page', async () => {
      if ((await uploadByPage(address)) === '') throw new Error('The page has shown no key')
    })
    await this.#step('questions', () => this.#ask(found))
  }

  async takeDown(project: StackProject): Promise<void> {
    const { region, deployer, print } = this.#options
    await this.#step('resources', async () => {
      this.#resources = await stateResources(project)
    })
    const isDown = await this.#step('pulumi destroy', async () => {
      const { code, output } = await project.destroy()
      if (code !== 0) throw new Error(lastLines(output))
    })
    if (isDown) await project.remove()
    else print(howToRemove(project, this.#options.name))
    await this.#step('what is left', async () => {
      const account = { name: this.#options.name, region, deployer }
      this.#leftovers = await leftovers(this.#resources, account)
    })
  }

  report(): LiveReport {
    const { name: stack, region } = this.#options
    const resources: Record<string, number> = {}
    for (const { type } of this.#resources) resources[type] = (resources[type] ?? 0) + 1
    const unasked = Object.entries(NOT_ASKED).map(
      ([question, answer]): ProbeResult => ({
        question,
        answer,
        expected: '',
        result: 'not asked',
      }),
    )
    return {
      stack,
      region,
      startedAt: this.#startedAt,
      steps: this.#steps,
      probes: [...this.#probes, ...unasked],
      resources,
      leftovers: this.#leftovers,
    }
  }

  /** Runs a step, and records how it has ended. @returns Whether it has succeeded */
  async #step(name: string, action: () => Promise<void>): Promise<boolean> {
    const { print } = this.#options
    print(`${name} …`)
    const startedMs = performance.now()
    const problem = await action().then(
      () => '',
      (error: unknown) => String(error instanceof Error ? error.message : error),
    )
    const seconds = (performance.now() - startedMs) / 1000
    this.#steps.push({ name, problem, seconds })
    print(`${name}: ${problem === '' ? 'done' : problem} (${seconds.toFixed(0)} s)`)
    return problem === ''
  }

  async #ask(stack: LiveStack): Promise<void> {
    const { probes, interrupted, print } = this.#options
    for (const probe of probes) {
      if (interrupted.aborted) return
      const result = await probe.ask(stack).then(
        (answer) => compared(probe, answer),
        ({ message }: Error): ProbeResult => ({ ...probe, result: 'failed', answer: message }),
      )
      this.#probes.push({
        question: result.question,
        expected: result.expected,
        result: result.result,
        answer: result.answer,
      })
      print(`  ${result.result}: ${probe.question}: ${result.answer}`)
    }
  }
}

async function uploadByForm(address: string): Promise<void> {
  const body = JSON.stringify({ files: [{ name: 'form.txt', type: 'text/plain', size: 5 }] })
  const headers = { 'content-type': 'application/json' }
  const signed = await fetch(`${address}/signatures`, { method: 'POST', headers, body })
  const { files } = (await signed.json()) as {
    files: { url: string; fields: Record<string, string> }[]
  }
  const [form] = files
  if (form === undefined) throw new Error(`The server has signed nothing: ${signed.status}`)
  const data = new FormData()
  for (const [name, value] of Object.entries(form.fields)) data.append(name, value)
  data.append('file', new Blob(['hello'], { type: 'text/plain' }), 'form.txt')
  const response = await fetch(form.url, { method: 'POST', body: data })
  if (!response.ok) throw new Error(await outcome(response))
}

async function stateResources(project: StackProject): Promise<StateResource[]> {
  const { deployment } = JSON.parse(await project.state()) as {
    deployment: { resources?: Partial<StateResource>[] }
  }
  return (deployment.resources ?? [])
    .filter(({ type = '', id }) => id !== undefined && type.startsWith('alicloud:'))
    .map(({ type = '', id = '', outputs = {} }) => ({ type, id, outputs }))
}

/** Returns the variables that lead to the account: settings of Pulumi are this run's own. */
function cloudEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] =>
      entry[1] !== undefined &&
      (/^PULUMI_(HOME|DISABLE_AUTOMATIC_PLUGIN_ACQUISITION)$/.test(entry[0]) ||
        !/^(PULUMI_.*|PATH)$/.test(entry[0])),
  )
  return Object.fromEntries(entries)
}

function howToRemove(project: StackProject, stack: string): string {
  const variables = `PULUMI_BACKEND_URL=file://${join(project.folder, '..', 'state')}`
  return `The stack is still there. To remove it, in ${project.folder}:
  PULUMI_CONFIG_PASSPHRASE='${PASSPHRASE}' ${variables} pulumi destroy --stack ${stack}`
}

function lastLines(output: string): string {
  return output.trim().split('\n').slice(-12).join('\n')
}
