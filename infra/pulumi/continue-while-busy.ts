import { sleep } from '@oss-direct-upload/retry'
import { failedTransiently } from './event-log.ts'

/** Of one command, the first included: a refusal that does not pass ends in an error. */
const MAX_RUNS = 6
const PAUSE_MS = 10_000
/** Repeats of these would replace what the first run has replaced already. */
const REPLACING = /^(?:--replace|--target-replace|-r)\b/

/** What a run of Pulumi leaves. */
export interface PulumiRun {
  /** Exit code. */
  code: number
  /** Pulumi's events, a JSON object a line. */
  log: string
}

export interface ContinueOptions {
  /** Of the first run, e.g. `up`. Those that follow ask for no confirmation: the first one did. */
  args: readonly string[]
  run: (args: readonly string[]) => Promise<PulumiRun>
  print: (line: string) => void
  /** Ends the repetition. */
  signal: AbortSignal
  /** @default 10000 */
  pauseMs?: number
}

/**
 * Runs Pulumi, and again while the cloud refuses calls for reasons that pass by themselves and that the provider
 * does not wait for. Each run completes what the one before has left undone.
 *
 * @returns The last run
 */
export async function continueWhileBusy(options: ContinueOptions): Promise<PulumiRun> {
  const { args, run, print, signal, pauseMs = PAUSE_MS } = options
  let last = await run(args)
  if (args.some((arg) => REPLACING.test(arg))) return last
  for (let runs = 1; runs < MAX_RUNS && last.code !== 0 && failedTransiently(last.log); runs += 1) {
    print(
      `Alibaba Cloud was busy with another operation. Continuing in ${pauseMs / 1000} seconds (run ${runs + 1} of at most ${MAX_RUNS}).`,
    )
    await sleep(pauseMs, signal).catch(() => undefined)
    if (signal.aborted) return last
    last = await run([...args, '--yes', '--skip-preview'])
  }
  return last
}
