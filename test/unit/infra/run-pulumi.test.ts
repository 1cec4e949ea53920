import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'

const program = fileURLToPath(new URL('../../../infra/run-pulumi.ts', import.meta.url))
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'run-pulumi-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Runs `npm run up` with a stand-in for Pulumi. @param script Of the stand-in. @default none is installed */
function run(script?: string): { code: number | null; output: string } {
  if (script !== undefined) {
    writeFileSync(join(folder, 'pulumi'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, 'pulumi'), 0o755)
  }
  const PATH =
    script === undefined ? folder : `${folder}:${dirname(process.execPath)}:/usr/bin:/bin`
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'up', '--yes'], {
    env: { PATH },
    encoding: 'utf8',
  })
  return { code: status, output: stdout + stderr }
}

test('without Pulumi it says how to install it', () => {
  expect(run()).toEqual({
    code: 127,
    output:
      'The Pulumi CLI is missing: install it (https://www.pulumi.com/docs/install/), then try again.\n',
  })
})

test('arguments and exit code are those of Pulumi, and what it refuses is explained', () => {
  const event = JSON.stringify({
    diagnosticEvent: {
      urn: 'urn:pulumi:dev::shop::alicloud:vpc/network:Network::network-vpc',
      severity: 'error',
      message: 'SDKError:\n   Code: QuotaExceeded.Vpc\n   Message: code: 400, Quota exceeded.',
    },
  })
  const script = `echo "$1 $2"; for option; do log="\${option#--event-log=}"; done; printf '%s\\n' '${event}' > "$log"; exit 255`
  expect(run(script)).toEqual({
    code: 255,
    output: [
      'up --yes',
      'What to do:',
      '  network-vpc: QuotaExceeded.Vpc. A quota of the account is used up. Release what is not needed, or raise the quota in the Quota Center.',
      '  What exists already stays: `npm run up` continues from there.',
      '',
    ].join('\n'),
  })
})

test('an update without a refusal prints nothing of its own', () => {
  expect(run('echo done')).toEqual({ code: 0, output: 'done\n' })
})
