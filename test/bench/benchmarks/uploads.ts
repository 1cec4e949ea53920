import { mkdir } from 'node:fs/promises'
import { Agent } from 'node:http'
import { join } from 'node:path'
import { type Benchmark, type Context, type Result, RivalError } from '../benchmark.ts'
import { postForm } from '../load/form-upload.ts'
import { flushDisk } from '../load/timed-upload.ts'
import { interleave, median, ratioOf } from '../statistics.ts'
import { bareBusboy } from '../stores/bare-busboy.ts'
import { moto } from '../stores/moto.ts'
import { ours } from '../stores/ours.ts'
import { removeLarge } from '../stores/remove-large.ts'
import { s3mock } from '../stores/s3mock.ts'
import { s3rver } from '../stores/s3rver.ts'
import type { RunningStore, Store } from '../stores/store.ts'

const CONCURRENCY = 8
const MIB = 1024 ** 2

interface Group {
  rivals: readonly Store[]
  /** Required speed of the embedded OSS relative to each rival. */
  atLeast: number
  /** Multiplies the rounds of a load. */
  roundsFactor: number
}

// The closest rival is measured alone and more often: idle rivals affect the two differently.
const GROUPS: readonly Group[] = [
  { rivals: [bareBusboy], atLeast: 0.7, roundsFactor: 3 },
  { rivals: [s3rver, moto, s3mock], atLeast: 1, roundsFactor: 1 },
]

interface Load {
  name: string
  what: string
  /** Bytes of a file. */
  size: number
  files: number
  rounds: number
}

const LARGE: Load = {
  name: 'upload-large',
  what: 'PostObject 1 x 1 GB',
  size: 1024 * MIB,
  files: 1,
  rounds: 3,
}
const SMALL: Load = {
  name: 'upload-small',
  what: 'PostObject 1,000 x 64 KB',
  size: 64 * 1024,
  files: 1000,
  rounds: 5,
}
const QUICK: readonly Load[] = [
  { ...LARGE, what: 'PostObject 1 x 64 MB', size: 64 * MIB, rounds: 3 },
  { ...SMALL, what: 'PostObject 100 x 64 KB', files: 100, rounds: 3 },
]
/** Number of files after which the JIT compiler has settled. */
const WARM_UP = 3000
const SKIPPED = 'Skipped by --quick, because it starts slowly'

/** Measures the speed of uploads, large and small. */
export const uploads: Benchmark = {
  name: 'upload',
  async run(context) {
    const results: Result[] = []
    for (const [n, group] of GROUPS.entries()) {
      const folder = join(context.folder, `uploads-${n}`)
      results.push(...(await runGroup(group, { ...context, folder })))
    }
    return results
  },
}

async function runGroup(group: Group, context: Context): Promise<Result[]> {
  const running = new Map<Store, RunningStore>()
  const missing = new Map<Store, string>()
  try {
    for (const store of [ours, ...group.rivals]) {
      try {
        if (context.quick && store === s3mock) throw new RivalError(SKIPPED)
        running.set(store, await start(store, context))
      } catch (error) {
        if (!(error instanceof RivalError) || store === ours) throw error
        missing.set(store, error.message)
      }
    }
    const results: Result[] = []
    for (const load of context.quick ? QUICK : [LARGE, SMALL]) {
      results.push(...(await compare(load, group, running, missing, context)))
    }
    return results
  } finally {
    await Promise.all([...running.values()].map((store) => store.stop()))
  }
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
  group: Group,
  running: ReadonlyMap<Store, RunningStore>,
  missing: ReadonlyMap<Store, string>,
  context: Context,
): Promise<Result[]> {
  let round = 0
  const rounds = context.quick ? load.rounds : load.rounds * group.roundsFactor
  const figures = await interleave([...running.keys()], rounds, async (store) => {
    context.report(`${load.what} into ${store.title}`)
    await flushDisk()
    const seconds = await post(running.get(store) as RunningStore, `${load.name}-${round++}`, load)
    await removeLarge(join(context.folder, store.name))
    return (load.files * load.size) / seconds
  })
  const mine = figures.get(ours) ?? []
  return group.rivals.map((store): Result => {
    const theirs = figures.get(store)
    return {
      name: `${load.name}/${store.name}`,
      what: load.what,
      against: store.title,
      ours: speed(mine),
      goal: { atLeast: group.atLeast },
      ...(theirs
        ? { theirs: speed(theirs), ratio: ratioOf(mine, theirs) }
        : { missing: missing.get(store) ?? '' }),
    }
  })
}

/** Uploads files, eight at a time, with forms that are signed beforehand. @returns Seconds */
async function post(
  store: RunningStore,
  prefix: string,
  { size, files }: Pick<Load, 'size' | 'files'>,
): Promise<number> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY })
  const forms = Array.from({ length: files }, (_, n) => store.fields(`${prefix}/${n}`, size))
  const began = performance.now()
  await Promise.all(
    Array.from({ length: CONCURRENCY }, async () => {
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
