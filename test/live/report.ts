import type { Probe } from './probe.ts'

/** Answer to one question, or why there is none. */
export interface ProbeResult {
  question: string
  expected: string
  result: 'confirmed' | 'different' | 'failed' | 'not asked'
  /** What the cloud has answered, or why there is no answer. */
  answer: string
}

/** Step of the whole run, in order. */
export interface Step {
  name: string
  /** Empty when the step has succeeded. */
  problem: string
  seconds: number
}

export interface LiveReport {
  stack: string
  region: string
  /** ISO 8601. */
  startedAt: string
  steps: readonly Step[]
  probes: readonly ProbeResult[]
  /** Number of resources that the stack has made, by type. */
  resources: Readonly<Record<string, number>>
  /** What is left in the account under the stack's names; expected to be empty. */
  leftovers: readonly string[]
}

/** Compares the answer of the cloud with what the simulation answers. */
export function compared({ question, expected }: Probe, answer: string): ProbeResult {
  return {
    question,
    expected,
    answer,
    result: answer === expected ? 'confirmed' : 'different',
  }
}

/** Returns whether everything went as expected. Questions that were not asked do not count. */
export function isAsExpected({ steps, probes, leftovers }: LiveReport): boolean {
  return (
    steps.every(({ problem }) => problem === '') &&
    probes.every(({ result }) => result === 'confirmed' || result === 'not asked') &&
    leftovers.length === 0
  )
}

/** Returns the report as Markdown. */
export function reportMarkdown(report: LiveReport): string {
  const { stack, region, startedAt, steps, probes, resources, leftovers } = report
  const minutes = steps.reduce((sum, { seconds }) => sum + seconds, 0) / 60
  const total = Object.values(resources).reduce((sum, count) => sum + count, 0)
  const of = (result: ProbeResult['result']) => probes.filter((probe) => probe.result === result)
  const [confirmed, different, notAsked] = [of('confirmed'), of('different'), of('not asked')]
  const failed = of('failed')
  return [
    `# Live test of ${stack}`,
    `In ${region}, started at ${startedAt}: ${total} resources for ${minutes.toFixed(1)} minutes.`,
    `${confirmed.length} answers are confirmed, ${different.length} differ, ${failed.length} questions failed, ${notAsked.length} were not asked.`,
    '## Steps',
    table(
      ['step', 'seconds', 'result'],
      steps.map(({ name, seconds, problem }) => [name, seconds.toFixed(0), problem || 'done']),
    ),
    '## Different',
    table(['question', 'simulation', 'cloud'], different.map(columns)),
    '## Confirmed',
    table(['question', 'simulation', 'cloud'], confirmed.map(columns)),
    '## Failed',
    table(
      ['question', 'problem'],
      failed.map(({ question, answer }) => [question, answer]),
    ),
    '## Not asked',
    table(
      ['question', 'why'],
      notAsked.map(({ question, answer }) => [question, answer]),
    ),
    '## Resources',
    table(
      ['type', 'number'],
      Object.entries(resources).map(([type, count]) => [type, String(count)]),
    ),
    '## Left in the account',
    `${leftovers.length === 0 ? 'Nothing.' : leftovers.map((line) => `- ${line}`).join('\n')}\n`,
  ].join('\n\n')
}

function columns({ question, expected, answer }: ProbeResult): string[] {
  return [question, expected, answer]
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return 'None.'
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
