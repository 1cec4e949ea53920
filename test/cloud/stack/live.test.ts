import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type SimulatedCloud, startSimulatedCloud } from 'simulated-cloud'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildClient } from '../../../app/client/build/build.ts'
import { PROBES } from '../../live/probes/index.ts'
import type { LiveReport } from '../../live/report.ts'
import { findToolchain } from '../toolchain/toolchain.ts'
import { ServedPage } from './served-page.ts'

const REGION = 'ap-southeast-1'
const RUN = fileURLToPath(new URL('../../live/run.ts', import.meta.url))
let folder = ''

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'live-'))
  await buildClient(join(folder, 'client'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Starts a simulated cloud whose instances serve the page. */
async function startCloud(): Promise<SimulatedCloud> {
  const page = new ServedPage(join(folder, 'client'), () => {
    const users = [...cloud.account.directory.users.values()]
    const key = users.flatMap(({ keys }) => keys)[0]
    if (key === undefined) throw new Error('The stack has made no access key yet')
    return key
  })
  const cloud = await startSimulatedCloud({ hardware: page, web: page.serve, wire: page.wire })
  onTestFinished(() => cloud.close())
  return cloud
}

interface LiveTest {
  code: number | null
  output: string
  report: LiveReport
}

/** Runs `npm run test:live` against a simulated cloud. @param interruptAt Output at which to press Ctrl-C */
async function runLive(
  cloud: SimulatedCloud,
  args: readonly string[],
  interruptAt?: string,
): Promise<LiveTest> {
  const { path, prepareHome } = await findToolchain(() => {})
  const home = join(folder, 'home')
  await prepareHome(home)
  const dir = await mkdtemp(join(folder, 'report-'))
  const child = spawn(process.execPath, [RUN, '--yes', '--report', dir, ...args], {
    env: {
      ...process.env,
      ...cloud.environment(),
      PATH: [...path, process.env.PATH].join(delimiter),
      PULUMI_HOME: home,
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      const isReached = interruptAt !== undefined && !output.includes(interruptAt)
      output += text
      if (isReached && output.includes(interruptAt)) child.kill('SIGINT')
    })
  }
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  const report = await readFile(join(dir, 'report.json'), 'utf8').catch(() => {
    throw new Error(`There is no report:\n${output}`)
  })
  return { code, output, report: JSON.parse(report) as LiveReport }
}

const answers = ({ probes }: LiveReport, result: string): string[] =>
  probes.filter((probe) => probe.result === result).map(({ question }) => question)

test('a live test confirms what the simulation answers, and leaves nothing', async () => {
  const cloud = await startCloud()
  const { code, output, report } = await runLive(cloud, ['--region', REGION])
  const known = ['confirmed', 'not asked']
  expect(report.probes.filter(({ result }) => !known.includes(result))).toEqual([])
  expect(answers(report, 'confirmed')).toEqual(PROBES.map(({ question }) => question))
  expect(report.steps.map(({ name, problem }) => [name, problem])).toEqual(
    [
      'pulumi up',
      'outputs',
      'an upload by form',
      'an upload by the page',
      'questions',
      'resources',
      'pulumi destroy',
      'what is left',
    ].map((name) => [name, '']),
  )
  expect(report.leftovers).toEqual([])
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
  expect(code).toBe(0)
  const { accessKeySecret } = cloud.deployer
  expect([
    output.includes(accessKeySecret),
    JSON.stringify(report).includes(accessKeySecret),
  ]).toEqual([false, false])
})

/** Makes a cloud answer three questions in another way. */
async function differ(cloud: SimulatedCloud): Promise<void> {
  const oss = await cloud.storage.region(REGION)
  const { handle } = oss
  const answer = (response: ServerResponse, status: number, code: string): void => {
    response.writeHead(status, { 'content-type': 'application/xml' })
    response.end(`<Error><Code>${code}</Code></Error>`)
  }
  oss.handle = async (request: IncomingMessage, response, ...rest) => {
    const { method = '', url = '', headers } = request
    const query = new URL(url, 'http://bucket').searchParams
    const isProbe = query.has('x-oss-signature')
    if (method === 'GET' && isProbe && query.has('encryption')) {
      answer(response, 400, 'NoSuchServerSideEncryptionRule')
    } else if (method === 'OPTIONS' && headers.host?.includes('-missing')) {
      answer(response, 403, 'AccessForbidden')
    } else if (method === 'GET' && isProbe && query.get('probe') === '') {
      answer(response, 400, 'InvalidArgument')
    } else {
      await handle.call(oss, request, response, ...rest)
    }
  }
}

test('a live test finds the three answers in which a cloud differs', async () => {
  const cloud = await startCloud()
  await differ(cloud)
  const { code, report } = await runLive(cloud, [])
  expect(
    report.probes
      .filter(({ result }) => result === 'different')
      .map(({ question, answer }) => [question, answer]),
  ).toEqual([
    ['preflight for a missing bucket', '403 AccessForbidden'],
    ['GET ?encryption with nothing set', '400 NoSuchServerSideEncryptionRule'],
    ['unknown query parameters', '400 InvalidArgument, 200'],
  ])
  expect(await cloud.leftovers()).toEqual([])
  expect(code).toBe(1)
})

test('an interrupted live test removes what it has made', async () => {
  const cloud = await startCloud()
  const { code, report } = await runLive(cloud, [], 'questions …')
  expect(answers(report, 'confirmed').length).toBeLessThan(PROBES.length)
  expect(report.steps.at(-2)).toMatchObject({ name: 'pulumi destroy', problem: '' })
  expect(await cloud.leftovers()).toEqual([])
  expect(code).toBe(130)
})
