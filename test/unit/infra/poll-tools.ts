import type { PollTools } from '../../../infra/readiness/poll.ts'

/** Tools with a clock of their own, which tell what was requests and shown. */
export interface FakeTools extends PollTools {
  requests: string[]
  /** Host headers that differ from the host of the URL. */
  hosts: string[]
  lines: string[]
  warnings: string[]
  /** Milliseconds since they were made. */
  elapsed: () => number
}

interface FakeSettings {
  /** Milliseconds that an answer takes. @default 0 */
  delay?: number
  /** Left out of the addresses in `requests`. @default '' */
  base?: string
  /** Console output of the instance. @default the cloud does not answer */
  console?: string
}

/** Tools whose questions get these answers. */
export function fakeTools(
  answer: (url: string) => Response,
  { delay = 0, base = '', console }: FakeSettings = {},
): FakeTools {
  let clock = 5_000
  const requests: string[] = []
  const lines: string[] = []
  const hosts: string[] = []
  const warnings: string[] = []
  return {
    requests,
    hosts,
    lines,
    warnings,
    elapsed: () => clock - 5_000,
    now: () => clock,
    sleep: async (milliseconds) => {
      clock += milliseconds
    },
    progress: (line) => lines.push(line),
    warn: (line) => warnings.push(line),
    consoleOutput: async () => {
      if (console === undefined) throw new Error('Forbidden')
      return console
    },
    fetch: async (url, _signal, host) => {
      if (host !== undefined) hosts.push(host)
      requests.push(url.replace(base, ''))
      clock += delay
      return answer(url)
    },
  }
}
