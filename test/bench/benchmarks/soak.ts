import { mkdir, readdir } from 'node:fs/promises'
import { Agent } from 'node:http'
import { devNull } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Context, Result } from '../benchmark.ts'
import { closedLoop } from '../load/closed-loop.ts'
import { fixedRate } from '../load/fixed-rate.ts'
import { postForm } from '../load/form-upload.ts'
import { answerOf, connectTo, type SignerProcess, startSigner } from '../load/signer-process.ts'
import type { Usage } from '../server-process.ts'
import { median } from '../statistics.ts'
import { memoryFlags } from '../stores/memory-flags.ts'
import { ossForm } from '../stores/oss-form.ts'

const MIB = 1024 ** 2
const CONNECTIONS = 64
const SLICE_SECONDS = 10
const IDLE_SECONDS = 15
const UPLOAD_BYTES = 256 * 1024
const UPLOADS_AT_ONCE = 2
const PAUSE_MS = 50
const SETTLE_MS = 500
/** Share of the time for the warm-up. */
const WARM_UP = 1 / 5
/** Number of readings under load, after the warm-up. */
const READINGS = 24
/** Number of readings at the start and at the end whose medians are compared. */
const EDGE = READINGS / 4

/** What both servers use at one moment. */
interface Sample {
  signing: Usage
  storing: Usage
  /** Files of unfinished uploads. */
  staged: number
}

interface Servers {
  signing: SignerProcess
  storing: SignerProcess
}

interface Load {
  /** Signatures a second. */
  rate: number
  seconds: number
  /** Between two uploads of the same client. */
  pauseMs: number
}

/**
 * Runs signatures at half of the highest rate together with uploads, then lets both servers idle.
 *
 * Memory is read after a garbage collection and after a warm-up, because V8's young generation (limited
 * as on an instance and under `npm run oss`) and the allocator's arenas grow with requests, not with
 * time. The warm-up takes a fifth of the time, with uploads without pauses.
 *
 * After it nothing may grow: heap, resident memory and open files when idle, and resident memory under
 * load from the first quarter of 24 readings to the last (medians). A leak outside the heap first uses
 * some 15 MB that the allocator has free: in 30 minutes a leak of 2 KB per upload exceeds the limit, one
 * of 500 bytes may not. On the heap and in buffers 100 bytes do.
 *
 * @param minutes Duration of the load
 */
export async function soak(minutes: number, context: Context): Promise<Result[]> {
  const log = join(context.folder, 'soak.log')
  const dir = join(context.folder, 'soak')
  await mkdir(dir, { recursive: true })
  const signing = await startSigner('ours', {
    nodeOptions: ['--expose-gc', ...memoryFlags('instance')],
    log: devNull,
  })
  const storing = await startSigner('embedded-oss', {
    nodeOptions: ['--expose-gc', ...memoryFlags('npm run oss')],
    log,
    body: dir,
  })
  const servers = { signing, storing }
  const errors: string[] = []
  const seconds = minutes * 60
  try {
    await answerOf(signing)
    const rate = await halfLoad(signing)
    context.report(`${rate} signatures a second, and uploads, for ${minutes} minutes`)
    const warmUp = { rate, seconds: seconds * WARM_UP, pauseMs: 0 }
    const sent = await load(servers, warmUp, errors)
    await delay(IDLE_SECONDS * 1000)
    const first = await sample(servers, dir)
    context.report(`warm after ${sent.uploads} uploads: ${figures(first)}`)
    const steady = { rate, seconds: seconds * (1 - WARM_UP), pauseMs: PAUSE_MS }
    const [again, readings] = await Promise.all([
      load(servers, steady, errors),
      readEvery(steady.seconds / READINGS, servers, dir, context),
    ])
    await delay(IDLE_SECONDS * 1000)
    const last = await sample(servers, dir)
    context.report(`idle: ${figures(last)}`)
    return compare({ first, readings, last }, minutes, errors, {
      signatures: sent.signatures + again.signatures,
      uploads: sent.uploads + again.uploads,
    })
  } finally {
    signing.stop()
    storing.stop()
  }
}

async function halfLoad(process: SignerProcess): Promise<number> {
  const connections = await connectTo(process, CONNECTIONS)
  await closedLoop(connections, 10_000)
  const { requests, seconds } = await closedLoop(connections, 20_000)
  for (const connection of connections) connection.close()
  return Math.round(requests / seconds / 2)
}

async function load(
  { signing, storing }: Servers,
  { rate, seconds, pauseMs }: Load,
  errors: string[],
): Promise<{ signatures: number; uploads: number }> {
  const until = performance.now() + seconds * 1000
  const count = { signatures: 0, uploads: 0 }
  const url = `http://127.0.0.1:${storing.port}/`
  const agent = new Agent({ keepAlive: true })
  const upload = async (worker: number): Promise<void> => {
    while (performance.now() < until) {
      try {
        // A few keys are reused, so that the disk does not fill up.
        const key = `soak/${worker}-${count.uploads % 50}`
        await postForm(url, ossForm(key, UPLOAD_BYTES, false), UPLOAD_BYTES, agent)
        count.uploads += 1
      } catch (error) {
        errors.push((error as Error).message)
      }
      await delay(pauseMs)
    }
  }
  const sign = async (): Promise<void> => {
    while (performance.now() < until) {
      const left = (until - performance.now()) / 1000
      const connections = await connectTo(signing, CONNECTIONS)
      const times = await fixedRate(connections, rate, Math.min(SLICE_SECONDS, left))
      for (const connection of connections) connection.close()
      count.signatures += times.length
    }
  }
  await Promise.all([
    sign().catch((error: Error) => void errors.push(error.message)),
    ...Array.from({ length: UPLOADS_AT_ONCE }, (_, worker) => upload(worker)),
  ])
  agent.destroy()
  return count
}

async function readEvery(
  seconds: number,
  servers: Servers,
  dir: string,
  context: Context,
): Promise<Sample[]> {
  const readings: Sample[] = []
  const began = performance.now()
  while (readings.length < READINGS) {
    await delay(began + (readings.length + 1) * seconds * 1000 - performance.now())
    const reading = await sample(servers, dir)
    readings.push(reading)
    context.report(`${readings.length} of ${READINGS}: ${figures(reading)}`)
  }
  return readings
}

/** Heap and resident memory as text. */
function figures({ signing, storing }: Sample): string {
  const of = ({ heap, resident }: Usage): string =>
    `${(heap / MIB).toFixed(1)} of ${(resident / MIB).toFixed(1)} MB`
  return `signing ${of(signing)}, storing ${of(storing)}`
}

async function sample({ signing, storing }: Servers, dir: string): Promise<Sample> {
  const entries = await readdir(join(dir, '.oss', 'staging'), {
    recursive: true,
    withFileTypes: true,
  })
  // V8 returns the memory of a collection a moment later, in another thread.
  await Promise.all([signing.usage(), storing.usage()])
  await delay(SETTLE_MS)
  return {
    signing: await signing.usage(),
    storing: await storing.usage(),
    staged: entries.filter((entry) => entry.isFile()).length,
  }
}

function compare(
  { first, readings, last }: { first: Sample; readings: readonly Sample[]; last: Sample },
  minutes: number,
  errors: readonly string[],
  sent: { signatures: number; uploads: number },
): Result[] {
  const what = `soak, ${minutes} min: `
  const sum = (sample: Sample, of: keyof Usage): number => sample.signing[of] + sample.storing[of]
  const grown = (name: string, text: string, from: number, to: number, most: number): Result => ({
    name: `soak/${name}`,
    what: `${what}${text} grown by`,
    against: 'after the warm-up',
    ours: `${(to / MIB).toFixed(1)} MB`,
    theirs: `${(from / MIB).toFixed(1)} MB`,
    ratio: (to - from) / MIB,
    unit: 'MB',
    goal: { atMost: most },
  })
  const idle = (of: 'heap' | 'resident'): [number, number] => [sum(first, of), sum(last, of)]
  const resident = readings.map((reading) => sum(reading, 'resident'))
  const [early, late] = [median(resident.slice(0, EDGE)), median(resident.slice(-EDGE))]
  const count = (name: string, text: string, figure: number, against: string): Result => ({
    name: `soak/${name}`,
    what: `${what}${text}`,
    against,
    ours: `${figure}`,
    ratio: figure,
    unit: 'more',
    goal: { atMost: 0 },
  })
  const load = `${sent.signatures} signatures, ${sent.uploads} uploads`
  const [example] = errors
  return [
    grown('heap', 'heap', ...idle('heap'), 2),
    grown('resident', 'resident memory', ...idle('resident'), 16),
    grown('trend', 'resident memory under load', early, late, 8),
    count('files', 'open files and connections', sum(last, 'files') - sum(first, 'files'), 'same'),
    count('staged', 'files of uploads left over', last.staged, 'none'),
    count('errors', `errors${example === undefined ? '' : ` (${example})`}`, errors.length, load),
  ]
}
