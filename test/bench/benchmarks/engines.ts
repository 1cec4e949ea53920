import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { buildClientIfChanged } from '../../../app/client/build/cached-build.ts'
import { launchEngine } from '../../browser/engines/launch.ts'
import { type EngineName, whyNoEngine } from '../../browser/engines/requirements.ts'
import { writeLargeFile } from '../../browser/large-file.ts'
import type { Benchmark, Context, Goal, Result } from '../benchmark.ts'
import { openOwnPage } from '../load/own-page.ts'
import { speedRow, type TimedUpload, timeUploads } from '../load/timed-upload.ts'
import { ours } from '../stores/ours.ts'
import { removeLarge } from '../stores/remove-large.ts'

const MIB = 1024 ** 2
const GOALS: Readonly<Partial<Record<EngineName, Goal>>> = {
  firefox: { atLeast: 0.8 },
  webkit: { atLeast: 0.5 },
}

/** Uploads a file with the page in Firefox and WebKit, as a form and in parts, compared to Chromium. */
export const engines: Benchmark = {
  name: 'engines',
  async run(context) {
    const folder = join(context.folder, 'engines')
    await mkdir(folder, { recursive: true })
    const bytes = (context.quick ? 64 : 200) * MIB
    const file = join(folder, 'file.bin')
    await writeLargeFile(file, bytes)
    const modes = context.quick ? (['off'] as const) : (['off', 'on'] as const)
    const results: Result[] = []
    for (const multipart of modes) {
      results.push(...(await compare(context, file, bytes, multipart)))
    }
    return results
  },
}

async function compare(
  context: Context,
  file: string,
  bytes: number,
  multipart: 'on' | 'off',
): Promise<Result[]> {
  const kind = multipart === 'on' ? 'parts' : 'form'
  const folder = join(context.folder, `engines-${kind}`)
  await mkdir(folder)
  const store = await ours.start(folder, context.report)
  const clientDir = await buildClientIfChanged()
  const closing: (() => Promise<void>)[] = [() => store.stop()]
  const open = async (name: EngineName): Promise<TimedUpload> => {
    const engine = await launchEngine({}, name)
    closing.push(() => engine.close())
    const { tab, close } = await engine.open({})
    closing.push(close)
    const page = await openOwnPage(tab, store, clientDir, file, multipart)
    closing.push(page.close)
    return { what: `${name}, ${bytes / MIB} MiB, ${kind}`, run: () => page.upload() }
  }
  try {
    const chromium = await open('chromium')
    const others: { name: EngineName; upload: TimedUpload }[] = []
    const missing: Result[] = []
    for (const name of ['firefox', 'webkit'] as const) {
      const why = whyNoEngine(name)
      if (why === undefined) others.push({ name, upload: await open(name) })
      else missing.push({ name: `engines/${name}-${kind}`, what: name, against: '', missing: why })
    }
    const uploads = [chromium, ...others.map(({ upload }) => upload)]
    const rounds = context.quick ? 2 : 5
    const seconds = await timeUploads(uploads, rounds, context, () => removeLarge(folder))
    const rows = others.map(({ name, upload }): Result => {
      const row = speedRow(`engines/${name}-${kind}`, upload, chromium, seconds, bytes)
      const goal = GOALS[name]
      return goal ? { ...row, goal } : row
    })
    return [...rows, ...missing]
  } finally {
    for (const close of closing.reverse()) await close()
  }
}
