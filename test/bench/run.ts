/** `npm run bench`: measures this project against its rivals and prints a table of ratios. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Benchmark, type Context, type Result, RivalError } from './benchmark.ts'
import { LINES, LOADS } from './line/cases.ts'
import { UPLOADERS } from './line/uploaders.ts'
import { renderJson, renderTable } from './report.ts'
import { installNpmRivals } from './rivals/npm-rivals.ts'
import { processorTime, stolenShare } from './stolen-time.ts'

/** Loaded when they run, because each needs other rivals. */
const BENCHMARKS: Record<string, () => Promise<Benchmark>> = {
  'signature-cpu': async () => (await import('./benchmarks/signature-cpu.ts')).signatureCpu,
  'signature-latency': async () =>
    (await import('./benchmarks/signature-latency.ts')).signatureLatency,
  signing: async () => (await import('./benchmarks/signing-alone.ts')).signingAlone,
  upload: async () => (await import('./benchmarks/uploads.ts')).uploads,
  'upload-memory': async () => (await import('./benchmarks/upload-memory.ts')).uploadMemory,
  'browser-upload': async () => (await import('./benchmarks/browser-upload.ts')).browserUpload,
  engines: async () => (await import('./benchmarks/engines.ts')).engines,
  page: async () => (await import('./benchmarks/page.ts')).page,
  start: async () => (await import('./benchmarks/start.ts')).start,
  stack: async () => (await import('./benchmarks/stack.ts')).stack,
  growth: async () => (await import('./benchmarks/growth.ts')).growth,
  line: async () => (await import('./benchmarks/line.ts')).line,
  listing: async () => (await import('./benchmarks/listing.ts')).listing,
}

/** Skipped by --quick unless named with --only: they take minutes in any case. */
const SLOW = ['engines', 'stack', 'growth', 'line', 'listing']

const HELP = `Usage: npm run bench -- [options]

Measures signing and uploading against rivals, interleaved in the same run, and prints the ratios of
the medians. Rivals are installed on first use: from npm into test/bench, from PyPI and Maven Central
into the cache folder. If one cannot be installed, its row says so.

  --quick         fewer rounds of less data, under a minute; without ${SLOW.join(', ')}
  --only NAME     runs one benchmark; repeatable: ${Object.keys(BENCHMARKS).slice(0, 4).join(', ')},
                  ${Object.keys(BENCHMARKS).slice(4).join(', ')}
  --lines LIST    of the benchmark line, only these lines, separated by commas: 10ms, 60ms, 200ms
  --loads LIST    only these loads: small, medium, large
  --uploaders LIST  only these uploaders: page, page-parts, uploader, floor, ali-oss, uppy, plupload
  --json FILE     also writes name, ratio, goal and whether it is met
  --soak MINUTES  instead runs signatures and uploads at half load and reports what has grown
  --help          this text
`

class UsageError extends Error {}

async function main(): Promise<void> {
  const { help, quick, only, json, soak: minutes, selected } = readArguments()
  if (help) {
    console.log(HELP)
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'bench-'))
  const context: Context = { quick, folder, selected, report: (line) => console.error(line) }
  try {
    await installNpmRivals(context.report)
    const names = only.length > 0 ? only : Object.keys(BENCHMARKS).filter(isSelected(quick))
    const from = processorTime()
    const results =
      minutes === undefined
        ? await measure(names, context)
        : await (await import('./benchmarks/soak.ts')).soak(minutes, context)
    const to = processorTime()
    const stolen = from && to ? stolenShare(from, to) : undefined
    if (json !== undefined) await writeFile(json, renderJson(results, stolen))
    console.log(renderTable(results, stolen))
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

function isSelected(quick: boolean): (name: string) => boolean {
  return (name) => !quick || !SLOW.includes(name)
}

async function measure(names: readonly string[], context: Context): Promise<Result[]> {
  const results: Result[] = []
  for (const name of names) {
    const benchmark = await BENCHMARKS[name]?.()
    if (benchmark) results.push(...(await benchmark.run(context)))
  }
  return results
}

function readArguments() {
  let values: ReturnType<typeof parse>
  try {
    values = parse()
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${HELP}`)
  }
  const unknown = values.only.find((name) => !(name in BENCHMARKS))
  if (unknown !== undefined) {
    const names = Object.keys(BENCHMARKS).join(', ')
    throw new UsageError(`--only must name one of ${names}, not "${unknown}"`)
  }
  const minutes = values.soak === undefined ? undefined : Number(values.soak)
  if (minutes !== undefined && !(minutes > 0 && minutes <= 24 * 60)) {
    throw new UsageError(`--soak must be minutes, up to a day, not "${values.soak}"`)
  }
  const selected = {
    lines: listed('lines', values.lines, LINES),
    loads: listed('loads', values.loads, LOADS),
    uploaders: listed('uploaders', values.uploaders, UPLOADERS),
  }
  return { ...values, soak: minutes, selected }
}

/** Returns the names of a list. @throws UsageError for one that is unknown */
function listed(option: string, text: string, known: readonly { name: string }[]): string[] {
  const names = text.split(',').filter((name) => name !== '')
  const unknown = names.find((name) => known.every((entry) => entry.name !== name))
  if (unknown === undefined) return names
  const all = known.map(({ name }) => name).join(', ')
  throw new UsageError(`--${option} must list some of ${all}, not "${unknown}"`)
}

function parse() {
  return parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      only: { type: 'string', multiple: true, default: [] as string[] },
      lines: { type: 'string', default: '' },
      loads: { type: 'string', default: '' },
      uploaders: { type: 'string', default: '' },
      json: { type: 'string' },
      soak: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  }).values
}

try {
  await main()
} catch (error) {
  const plain = error instanceof UsageError || error instanceof RivalError
  console.error(plain ? error.message : error)
  process.exitCode = 1
}
