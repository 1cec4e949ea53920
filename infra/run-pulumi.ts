import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { continueWhileBusy, type PulumiRun } from './pulumi/continue-while-busy.ts'
import { adviceFor } from './pulumi/event-log.ts'

/*
 * `npm run up`, `preview` and `destroy`: runs Pulumi as it is, continues after refusals of the cloud that pass by
 * themselves, and prints below its output what to do about the others. Pulumi shows errors of a provider
 * without asking the program.
 */

const interruption = new AbortController()
process.on('SIGINT', () => interruption.abort())
const { code, log } = await continueWhileBusy({
  args: process.argv.slice(2),
  run: runPulumi,
  print: console.error,
  signal: interruption.signal,
})
process.exitCode = code
const advice = adviceFor(log)
if (advice.length > 0) console.error(`What to do:\n${advice.map((line) => `  ${line}`).join('\n')}`)

async function runPulumi(args: readonly string[]): Promise<PulumiRun> {
  const folder = await mkdtemp(join(tmpdir(), 'oss-direct-upload-'))
  try {
    const eventLog = join(folder, 'events.json')
    const code = await exitCode([...args, `--event-log=${eventLog}`])
    return { code, log: await readFile(eventLog, 'utf8').catch(() => '') }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Returns the exit code of Pulumi, which Ctrl-C reaches directly. */
async function exitCode(args: readonly string[]): Promise<number> {
  // The option for the log is one of those that Pulumi offers for debugging.
  const env = { ...process.env, PULUMI_DEBUG_COMMANDS: '1' }
  const child = spawn('pulumi', args, { stdio: 'inherit', env })
  return new Promise((resolve) => {
    child.once('error', () => {
      console.error(
        'The Pulumi CLI is missing: install it (https://www.pulumi.com/docs/install/), then try again.',
      )
      resolve(127)
    })
    child.once('close', (code) => resolve(code ?? 1))
  })
}
