import { link, mkdir, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { buildClientIfChanged } from '../../../app/client/build/cached-build.ts'
import { launchChromium } from '../../browser/chromium.ts'
import { startServerProcess } from '../../browser/server-process.ts'
import type { Benchmark, Context } from '../benchmark.ts'
import { LINES, type LineCase, LOADS, type Load, lineSeconds, QUICK_LOADS } from '../line/cases.ts'
import { type Cell, cellRows, multiple, pictureRow } from '../line/cells.ts'
import { Line } from '../line/line.ts'
import { renderLines } from '../line/line-picture.ts'
import { ownPage, rivalPage } from '../line/page-drivers.ts'
import { buildRivalPages } from '../line/rival-pages.ts'
import { runUpload, type UploadRun } from '../line/upload-run.ts'
import { signingEnvironment, TEMPORARY_KEY, UPLOADERS, type Uploader } from '../line/uploaders.ts'
import { memoryFlags } from '../stores/memory-flags.ts'
import { KEY, REGION } from '../stores/oss-form.ts'
import { BUCKET, type RunningStore } from '../stores/store.ts'
import { startStore } from '../stores/store-process.ts'

const OSS_MAIN = fileURLToPath(new URL('../../../app/oss/main.ts', import.meta.url))
const PICTURE = fileURLToPath(new URL('../../../docs/lines.svg', import.meta.url))
/** An upload that takes longer than this many times the line's own time has failed. */
const PATIENCE = 60
const MIN_TIMEOUT_MS = 120_000

/** Common to all uploads of a run. */
interface Setting {
  browser: Browser
  folder: string
  clientDir: string
  rivalsDir: string
}

/**
 * Uploads several loads over several lines by this project's page, its rivals and bare workers; draws
 * docs/lines.svg.
 */
export const line: Benchmark = {
  name: 'line',
  async run(context) {
    const folder = join(context.folder, 'line')
    const rivalsDir = join(folder, 'rivals')
    await mkdir(folder)
    await buildRivalPages(rivalsDir)
    const clientDir = await buildClientIfChanged()
    const browser = await launchChromium()
    try {
      const cells = await measureCells({ browser, folder, clientDir, rivalsDir }, context)
      const isWhole = Object.values(context.selected).every((names) => names.length === 0)
      if (isWhole && !context.quick) await writeFile(PICTURE, renderLines(cells.map(pictureRow)))
      return cells.flatMap(cellRows)
    } finally {
      await browser.close()
    }
  },
}

async function measureCells(setting: Setting, context: Context): Promise<Cell[]> {
  const { lines, loads, uploaders } = context.selected
  const cells: Cell[] = []
  for (const load of (context.quick ? QUICK_LOADS : LOADS).filter(isIn(loads))) {
    const paths = await createFiles(join(setting.folder, load.name), load)
    for (const line of LINES.filter(isIn(lines))) {
      const runs = new Map<string, UploadRun | string>()
      const cell = { line, load, runs }
      for (const uploader of UPLOADERS.filter(isIn(uploaders))) {
        if (uploader.loads?.includes(load.name) === false) continue
        const run = await uploadOnce(setting, uploader, line, load, paths).catch(String)
        runs.set(uploader.name, run)
        context.report(
          `${line.title}, ${load.title}, ${uploader.title}: ${runText(cell, uploader)}`,
        )
      }
      cells.push(cell)
    }
  }
  return cells
}

function runText(cell: Cell, { name }: Uploader): string {
  const run = cell.runs.get(name)
  if (typeof run !== 'object') return String(run)
  const { seconds, mainThreadMs, firstMs, lastMs } = run
  const times = [mainThreadMs, firstMs, lastMs].map((value) => value.toFixed(1)).join(', ')
  return `${seconds.toFixed(1)} s, ${multiple(cell, name)?.toFixed(2)} times the line, ${times} ms`
}

async function uploadOnce(
  { browser, folder, clientDir, rivalsDir }: Setting,
  { page, env, settings }: Uploader,
  lineCase: LineCase,
  load: Load,
  paths: string[],
): Promise<UploadRun> {
  const objects = join(folder, 'objects')
  await mkdir(objects)
  const store = await startOss(objects, join(folder, 'keys.json'))
  const line = new Line(lineCase)
  try {
    const bucket = `http://127.0.0.1:${await line.open(Number(new URL(store.url).port))}`
    if (settings) {
      await writeFile(join(rivalsDir, 'upload.json'), JSON.stringify(settings(load, bucket)))
    }
    const server = await startServerProcess({
      ...signingEnvironment(bucket, page === undefined ? clientDir : rivalsDir),
      ...env,
    })
    try {
      const origin = `http://127.0.0.1:${await line.open(server.port)}`
      const driver = page === undefined ? ownPage(origin) : rivalPage(origin, page)
      const timeoutMs = Math.max(MIN_TIMEOUT_MS, lineSeconds(lineCase, load) * PATIENCE * 1000)
      return await runUpload(browser, driver, bucket, load, paths, timeoutMs)
    } finally {
      await server.kill()
    }
  } finally {
    line.close()
    await store.stop()
    await rm(objects, { recursive: true })
  }
}

async function startOss(folder: string, keyFile: string): Promise<RunningStore> {
  await writeFile(keyFile, JSON.stringify([KEY, TEMPORARY_KEY]))
  return startStore({
    title: 'The embedded OSS',
    args: (port) => [
      ...memoryFlags('npm run oss'),
      OSS_MAIN,
      ...['--port', `${port}`, '--dir', folder, '--bucket', BUCKET, '--region', REGION],
      ...['--keys', keyFile],
    ],
    fields: () => [],
  })
}

/** Creates the files of a load: several names of one file. @returns Their paths */
async function createFiles(folder: string, { files, size }: Load): Promise<string[]> {
  await mkdir(folder)
  const data = join(folder, 'data')
  await writeFile(data, Buffer.alloc(Math.min(size, 1024 ** 2), 'Bytes of a file. '))
  await truncate(data, size)
  const paths = Array.from({ length: files }, (_, n) => join(folder, `photo-${n}.bin`))
  for (const path of paths) await link(data, path)
  return paths
}

function isIn(names: readonly string[]): (entry: { name: string }) => boolean {
  return ({ name }) => names.length === 0 || names.includes(name)
}
