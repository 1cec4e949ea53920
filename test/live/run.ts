/**
 * `npm run test:live`: deploys the stack to a real account, asks it what no public source settles, and
 * removes everything. See HELP.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { parseOptions } from '@oss-direct-upload/process/command-line'
import { runMain, UsageError } from '@oss-direct-upload/process/usage-error'
import { deployerCredentials } from '../../infra/identity/deployer-credentials.ts'
import { useEnvironmentProxy } from '../../infra/identity/environment-proxy.ts'
import { callRpc } from '../../infra/identity/rpc.ts'
import { requireNode24 } from '../vitest-run.ts'
import { liveRun } from './live-run.ts'
import { NOT_ASKED, PROBES } from './probes/index.ts'
import { isAsExpected, reportMarkdown } from './report.ts'

const HELP = `Usage: npm run test:live -- [options]

Deploys the stack to the account of the deployer's key, uploads by form and by page, asks the account what
no public source settles, destroys the stack, checks that nothing is left, and writes a report. It says
first what it is going to make, and asks. Needs the Pulumi CLI, and a key with the deployer's policy in the
variables or the profile that \`npm run up\` uses.

  --region ID     region to deploy to; the default is ap-southeast-1
  --only TEXT     asks only questions that contain this text; may be repeated
  --report DIR    folder for report.md and report.json; the default is live-report
  --list          lists the questions and ends
  --yes           does not ask before it begins
  --help          this text

Exit code: 0 if everything is as expected, 1 if something differs or has failed, 130 if interrupted.
Ctrl-C ends the test early; what it has made is removed all the same.
`

const OPTIONS = {
  region: { type: 'string', default: 'ap-southeast-1' },
  only: { type: 'string', multiple: true, default: [] as string[] },
  report: { type: 'string', default: 'live-report' },
  list: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const

requireNode24('npm run test:live')
await useEnvironmentProxy()
await runMain(main)

async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2), OPTIONS, HELP)
  const { region, only, help, list, yes, report: dir } = options
  if (help) return console.log(HELP)
  if (list) return listQuestions()
  const probes = PROBES.filter(
    ({ question }) => only.length === 0 || only.some((text) => question.includes(text)),
  )
  if (probes.length === 0) throw new UsageError('No question contains the text of --only')
  const deployer = await deployerCredentials(() => undefined)
  if (deployer === undefined) {
    throw new UsageError(
      'There is no access key: set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET',
    )
  }
  const { AccountId: account } = (await callRpc({
    host: `sts.${region}.aliyuncs.com`,
    version: '2015-04-01',
    action: 'GetCallerIdentity',
    parameters: {},
    credentials: deployer,
  })) as { AccountId: string }
  const name = `live-${randomBytes(3).toString('hex')}`
  console.log(plan({ name, account, region, questions: probes.length }))
  const interruption = new AbortController()
  if (!yes && !(await isConfirmed())) throw new UsageError('Nothing was made.')
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (!interruption.signal.aborted) console.log('Interrupted: removing what was made …')
      interruption.abort()
    })
  }
  const interrupted = interruption.signal
  const report = await liveRun({ name, region, deployer, probes, interrupted, print: console.log })
  await mkdir(dir, { recursive: true })
  await writeFile(join(dir, 'report.json'), `${JSON.stringify(report, null, 2)}\n`)
  await writeFile(join(dir, 'report.md'), reportMarkdown(report))
  console.log(`The report is in ${resolve(dir, 'report.md')}`)
  process.exitCode = interrupted.aborted ? 130 : isAsExpected(report) ? 0 : 1
}

function listQuestions(): void {
  for (const { question, expected } of PROBES) console.log(`asked: ${question}: ${expected}`)
  for (const [question, why] of Object.entries(NOT_ASKED)) {
    console.log(`not asked: ${question}: ${why}`)
  }
}

interface Plan {
  name: string
  account: string
  region: string
  questions: number
}

function plan({ name, account, region, questions }: Plan): string {
  return `This deploys the stack ${name} to ${region} in the account ${account}: two buckets, a VPC with a
vSwitch and a security group, an EIP with 5 Mbit/s, a pay-as-you-go instance of the cheapest type, a RAM
user with an access key, a role and policies. It asks ${questions} questions, which makes small objects in the
bucket for uploads and, for a moment, a RAM role and policy. After about ten minutes everything is removed
again. It costs less than one US dollar.`
}

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout })
  try {
    return /^y(es)?$/i.test((await terminal.question('Go on? [y/N] ')).trim())
  } finally {
    terminal.close()
  }
}
