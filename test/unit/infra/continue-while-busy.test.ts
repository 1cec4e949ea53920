import { expect, test } from 'vitest'
import {
  type ContinueOptions,
  continueWhileBusy,
  type PulumiRun,
} from '../../../infra/pulumi/continue-while-busy.ts'
import { failure, logOf } from './event-logs.ts'

const DONE: PulumiRun = { code: 0, log: '' }
const BUSY: PulumiRun = { code: 255, log: logOf(...failure('SystemBusy')) }
const REFUSED: PulumiRun = { code: 255, log: logOf(...failure('Account.Arrearage')) }
const LINE = 'Alibaba Cloud was busy with another operation. Continuing in 0.001 seconds'

/** Runs a command whose runs end as given, the last one over and over. */
async function commandWith(runs: PulumiRun[], options: Partial<ContinueOptions> = {}) {
  const commands: string[] = []
  const lines: string[] = []
  const last = await continueWhileBusy({
    args: ['up', '--stack', 'prod'],
    run: async (args) => {
      commands.push(args.join(' '))
      return runs[Math.min(commands.length, runs.length) - 1] ?? DONE
    },
    print: (line) => lines.push(line),
    signal: new AbortController().signal,
    pauseMs: 1,
    ...options,
  })
  return { last, commands, lines }
}

test('a command is repeated without another confirmation until the cloud is no longer busy', async () => {
  expect(await commandWith([BUSY, BUSY, DONE])).toEqual({
    last: DONE,
    commands: [
      'up --stack prod',
      'up --stack prod --yes --skip-preview',
      'up --stack prod --yes --skip-preview',
    ],
    lines: [`${LINE} (run 2 of at most 6).`, `${LINE} (run 3 of at most 6).`],
  })
})

test('a cloud that stays busy ends the repetition', async () => {
  const { last, commands } = await commandWith([BUSY])
  expect([last, commands.length]).toEqual([BUSY, 6])
})

test.each([
  ['success', [DONE]],
  ['another refusal', [REFUSED]],
  ['a failure of the program', [{ code: 1, log: '' }]],
])('%s is not repeated', async (_what, runs) => {
  expect((await commandWith(runs)).commands).toHaveLength(1)
})

test('what comes after a busy run is the result', async () => {
  const { last, commands } = await commandWith([BUSY, REFUSED])
  expect([last, commands.length]).toEqual([REFUSED, 2])
})

test.each(['--replace', '--replace=urn', '--target-replace', '-r'])(
  'a command with %s is not repeated, because it would replace twice',
  async (option) => {
    expect((await commandWith([BUSY], { args: ['up', option] })).commands).toHaveLength(1)
  },
)

test('Ctrl-C ends the repetition', async () => {
  const { last, commands } = await commandWith([BUSY], { signal: AbortSignal.abort() })
  expect([last, commands.length]).toEqual([BUSY, 1])
})
