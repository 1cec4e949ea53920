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
import { ossForm } from '../stores/oss-form.ts'

const MIB = 1024 ** 2
const CONNECTIONS = 64
const SLICE_SECONDS = 10
const REST_SECONDS = 15
const UPLOAD_BYTES = 256 * 1024
const UPLOADS_AT_ONCE = 2

/** What was used after so many minutes, at rest. */
interface Sample {
  signing: Usage
  storing: Usage
  /** Files of uploads that have not ended. */
  staged: number
}

/**
 * Signatures at half of the highest load and uploads beside them, for so long; then rest. Memory is
 * compared on the heap after a collection, from after a warm-up of a tenth of the time.
 *
 * @param minutes How long the load lasts
 */
export async function soak(minutes: number, context: Context): Promise<Result[]> {
  const log = join(context.folder, 'soak.log')
  const nodeOptions = ['--expose-gc']
  const dir = join(context.folder, 'soak')
  await mkdir(dir, { recursive: true })
  const signing = await startSigner('ours', { nodeOptions, log: devNull })
  const storing = await startSigner('embedded-oss', { nodeOptions, log, body: dir })
  const errors: string[] = []
  try {
    await answerOf(signing)
    const rate = await halfLoad(signing)
    context.report(`${rate} signatures a second, and uploads, for ${minutes} minutes`)
    const sent = await load(signing, storing, rate, minutes * 6, errors)
    await delay(REST_SECONDS * 1000)
    const first = await sample(signing, storing, dir)
    const again = await load(signing, storing, rate, minutes * 54, errors)
    await delay(REST_SECONDS * 1000)
    const last = await sample(signing, storing, dir)
    return compare(first, last, minutes, errors, {
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
  signing: SignerProcess,
  storing: SignerProcess,
  rate: number,
  seconds: number,
  errors: string[],
): Promise<{ signatures: number; uploads: number }> {
  const until = performance.now() + seconds * 1000
  const count = { signatures: 0, uploads: 0 }
  const url = `http://127.0.0.1:${storing.port}/`
  const agent = new Agent({ keepAlive: true })
  const upload = async (worker: number): Promise<void> => {
    while (performance.now() < until) {
      try {
        // The same few keys again and again: the disk does not fill.
        const key = `soak/${worker}-${count.uploads % 50}`
        await postForm(url, ossForm(key, UPLOAD_BYTES, false), UPLOAD_BYTES, agent)
        count.uploads += 1
      } catch (error) {
        errors.push((error as Error).message)
      }
      await delay(50)
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

async function sample(
  signing: SignerProcess,
  storing: SignerProcess,
  dir: string,
): Promise<Sample> {
  const entries = await readdir(join(dir, '.oss', 'staging'), {
    recursive: true,
    withFileTypes: true,
  })
  return {
    signing: await signing.usage(),
    storing: await storing.usage(),
    staged: entries.filter((entry) => entry.isFile()).length,
  }
}

function compare(
  first: Sample,
  last: Sample,
  minutes: number,
  errors: readonly string[],
  sent: { signatures: number; uploads: number },
): Result[] {
  const what = `soak, ${minutes} min: `
  const sum = (sample: Sample, of: keyof Usage): number => sample.signing[of] + sample.storing[of]
  const grown = (of: 'heap' | 'resident', most: number): Result => ({
    name: `soak/${of}`,
    what: `${what}${of === 'heap' ? 'heap' : 'resident memory'} grown by`,
    against: 'after a tenth of the time',
    ours: `${(sum(last, of) / MIB).toFixed(1)} MB`,
    theirs: `${(sum(first, of) / MIB).toFixed(1)} MB`,
    ratio: (sum(last, of) - sum(first, of)) / MIB,
    unit: 'MB',
    goal: { atMost: most },
  })
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
    grown('heap', 2),
    grown('resident', 16),
    count('files', 'open files and connections', sum(last, 'files') - sum(first, 'files'), 'same'),
    count('staged', 'files of uploads left over', last.staged, 'none'),
    count('errors', `errors${example === undefined ? '' : ` (${example})`}`, errors.length, load),
  ]
}
