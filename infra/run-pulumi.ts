import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adviceFor } from './pulumi/event-log.ts'

/*
 * `npm run up`, `preview` and `destroy`: runs Pulumi as it is, and prints below its output what to do about
 * refusals of the cloud. Pulumi shows errors of a provider without asking the program.
 */

const folder = await mkdtemp(join(tmpdir(), 'oss-direct-upload-'))
try {
  const eventLog = join(folder, 'events.json')
  process.exitCode = await runPulumi([...process.argv.slice(2), `--event-log=${eventLog}`])
  const advice = adviceFor(await readFile(eventLog, 'utf8').catch(() => ''))
  if (advice.length > 0)
    console.error(`What to do:\n${advice.map((line) => `  ${line}`).join('\n')}`)
} finally {
  await rm(folder, { recursive: true, force: true })
}

/** Returns the exit code of Pulumi, which Ctrl-C reaches directly. */
async function runPulumi(args: readonly string[]): Promise<number> {
  process.on('SIGINT', () => {})
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
