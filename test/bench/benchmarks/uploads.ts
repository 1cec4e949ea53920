import { execFile } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { type Benchmark, type Context, type Result, RivalError } from '../benchmark.ts'
import { postForm } from '../load/form-upload.ts'
import { interleave, median, ratioOf } from '../statistics.ts'
import { bareBusboy } from '../stores/bare-busboy.ts'
import { moto } from '../stores/moto.ts'
import { ours } from '../stores/ours.ts'
import { removeLarge } from '../stores/remove-large.ts'
import { s3mock } from '../stores/s3mock.ts'
import { s3rver } from '../stores/s3rver.ts'
import type { RunningStore, Store } from '../stores/store.ts'

const AT_ONCE = 8
const MIB = 1024 ** 2

const RIVALS = [
  { store: s3rver, atLeast: 1 },
  { store: moto, atLeast: 1 },
  { store: s3mock, atLeast: 1 },
  { store: bareBusboy, atLeast: 0.7 },
] as const

interface Load {
  name: string
  what: string
  /** Bytes of a file. */
  size: number
  files: number
  rounds: number
  /** Rounds of the embedded OSS and the rival that is near it alone, after those of all. */
  more: number
}

const LARGE: Load = {
  name: 'upload-large',
  what: 'PostObject 1 x 1 GB',
  size: 1024 * MIB,
  files: 1,
  rounds: 3,
  more: 4,
}
const SMALL: Load = {
  name: 'upload-small',
  what: 'PostObject 1,000 x 64 KB',
  size: 64 * 1024,
  files: 1000,
  rounds: 5,
  more: 16,
}
const QUICK: readonly Load[] = [
  { ...LARGE, what: 'PostObject 1 x 64 MB', size: 64 * MIB, rounds: 3, more: 0 },
  { ...SMALL, what: 'PostObject 100 x 64 KB', files: 100, rounds: 3, more: 0 },
]
/** Files after which all that is compiled while a server runs has been compiled. */
const WARM_UP = 3000
const LEFT_OUT = 'Left out by --quick, as starting it takes longer than all the rest'

/** How fast forms with files are taken, large and small. */
export const uploads: Benchmark = {
  name: 'upload',
  async run(context) {
    const running = new Map<Store, RunningStore>()
    const missing = new Map<Store, string>()
    try {
      for (const store of [ours, ...RIVALS.map((rival) => rival.store)]) {
        try {
          if (context.quick && store === s3mock) throw new RivalError(LEFT_OUT)
          running.set(store, await start(store, context))
        } catch (error) {
          if (!(error instanceof RivalError) || store === ours) throw error
          missing.set(store, error.message)
        }
      }
      const results: Result[] = []
      for (const load of context.quick ? QUICK : [LARGE, SMALL]) {
        results.push(...(await compare(load, running, missing, context)))
      }
      return results
    } finally {
      await Promise.all([...running.values()].map((store) => store.stop()))
    }
  },
}

async function start(store: Store, context: Context): Promise<RunningStore> {
  context.report(`Starting ${store.title}`)
  const folder = join(context.folder, store.name)
  await mkdir(folder, { recursive: true })
  const running = await store.start(folder, context.report)
  await post(running, 'warm', { size: 64 * 1024, files: context.quick ? 50 : WARM_UP })
  return running
}

async function compare(
  load: Load,
  running: ReadonlyMap<Store, RunningStore>,
  missing: ReadonlyMap<Store, string>,
  context: Context,
): Promise<Result[]> {
  let round = 0
  const measure = async (store: Store): Promise<number> => {
    context.report(`${load.what} into ${store.title}`)
    // What others have left to be written must not cost this one.
    if (process.platform !== 'win32') await promisify(execFile)('sync')
    const seconds = await post(running.get(store) as RunningStore, `${load.name}-${round++}`, load)
    await removeLarge(join(context.folder, store.name))
    return (load.files * load.size) / seconds
  }
  const figures = await interleave([...running.keys()], load.rounds, measure)
  for (const [store, more] of await interleave([ours, bareBusboy], load.more, measure)) {
    figures.get(store)?.push(...more)
  }
  const mine = figures.get(ours) ?? []
  return RIVALS.map(({ store, atLeast }): Result => {
    const theirs = figures.get(store)
    return {
      name: `${load.name}/${store.name}`,
      what: load.what,
      against: store.title,
      ours: speed(mine),
      goal: { atLeast },
      ...(theirs
        ? { theirs: speed(theirs), ratio: ratioOf(mine, theirs) }
        : { missing: missing.get(store) ?? '' }),
    }
  })
}

/** Posts files under one prefix, eight at a time; their forms are signed before. @returns seconds */
async function post(
  store: RunningStore,
  prefix: string,
  { size, files }: Pick<Load, 'size' | 'files'>,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: AT_ONCE })
  const forms = Array.from({ length: files }, (_, n) => store.fields(`${prefix}/${n}`, size))
  const began = performance.now()
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (let form = forms.pop(); form !== undefined; form = forms.pop()) {
        await postForm(store.url, form, size, agent)
      }
    }),
  )
  agent.destroy()
  return (performance.now() - began) / 1000
}

function speed(figures: readonly number[]): string {
  return `${(median(figures) / MIB).toFixed(0)} MiB/s`
}
