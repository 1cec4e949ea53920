/**
 * `npm run test:clients`: runs the clients of OSS against the embedded OSS at every address, with V1 and V4.
 * `--write` puts the tables into docs/embedded-oss.md. The last line is `N passed, N failed`.
 */
import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { startEmbeddedOss } from '../../app/oss/index.ts'
import { RivalError } from '../bench/benchmark.ts'
import { OWNER } from '../owner.ts'
import { finishRun } from '../vitest-run.ts'
import { BUCKET, type Cell, cellsOf, NAMES, REGION } from './cells.ts'
import { CLIENTS, type Client } from './clients.ts'
import { type Outcome, renderTables, writeTables } from './tables.ts'

/** Clients that run at the same time. */
const CONCURRENCY = 2
const TIMEOUT_MS = 200_000
const IN_NAMESPACE = 'OSS_CLIENTS_NAMESPACE'

const { write, only } = parseArgs({
  options: { write: { type: 'boolean', default: false }, only: { type: 'string' } },
}).values

if (process.env[IN_NAMESPACE] === undefined && (await canMountHosts())) {
  const { status } = spawnSync('unshare', ['--mount', process.execPath, ...process.argv.slice(1)], {
    stdio: 'inherit',
    env: { ...process.env, [IN_NAMESPACE]: '1' },
  })
  process.exit(status ?? 1)
}
const hasNames = process.env[IN_NAMESPACE] === '1' && (await mountHosts())
if (!hasNames)
  console.log('Left out: addresses by name, because only root on Linux can map them here')

const outcomes: Outcome[] = []
const missing: string[] = []
const queue = CLIENTS.filter(({ title }) => only === undefined || title.includes(only))
const clients = [...queue]
await Promise.all(
  Array.from({ length: CONCURRENCY }, async () => {
    for (let client = queue.shift(); client; client = queue.shift()) await testClient(client)
  }),
)
for (const line of missing) console.log(line)
for (const { client, cell, operation, error } of outcomes) {
  if (error !== null)
    console.log(`${client}, ${cell.address}, ${cell.version}, ${operation}: ${error}`)
}
const titles = clients.map(({ title }) => title)
const tables = renderTables(outcomes, titles)
console.log(`\n${tables}`)
if (write) await writeTables(tables)
const failed = outcomes.filter(({ error }) => error !== null).length
finishRun([{ passed: outcomes.length - failed, failed }])

async function testClient(client: Client): Promise<void> {
  const root = await mkdtemp(join(tmpdir(), 'clients-'))
  const oss = await startEmbeddedOss({
    dir: root,
    region: REGION,
    keys: [OWNER],
    buckets: [{ name: BUCKET }],
    bucketOfAddress: BUCKET,
    onFailure: (error) => console.error(error),
  })
  const forwarder = createServer((socket) => {
    const target = connect(oss.port, '127.0.0.1')
    socket.on('error', () => target.destroy()).pipe(target)
    target.on('error', () => socket.destroy()).pipe(socket)
  })
  try {
    await new Promise<void>((done) => forwarder.listen(0, '127.0.0.1', done))
    const { port: mappedPort } = forwarder.address() as AddressInfo
    const cells = cellsOf(oss.port, mappedPort).filter(
      (cell) => client.takes(cell) && (hasNames || !cell.needsNames),
    )
    await runCells(client, cells)
  } catch (error) {
    if (!(error instanceof RivalError)) throw error
    missing.push(`Left out: ${client.title} (${client.language}). ${error.message}`)
  } finally {
    forwarder.close()
    await oss.close()
    await rm(root, { recursive: true })
  }
}

async function runCells(client: Client, cells: readonly Cell[]): Promise<void> {
  const { command, args } = await client.install((line) => console.log(line))
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: TIMEOUT_MS,
    env: {
      ...process.env,
      OSS_REGION: REGION,
      OSS_BUCKET: BUCKET,
      OSS_ACCESS_KEY_ID: OWNER.accessKeyId,
      OSS_ACCESS_KEY_SECRET: OWNER.accessKeySecret,
      OSS_CELLS: JSON.stringify(cells),
      OSS_CELL_LINES: cells.map((c) => `${c.endpoint} ${c.version} ${c.style}`).join('\n'),
    },
  })
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors = `${errors}${chunk}`.slice(-2000)
  })
  const seen = new Set<number>()
  for await (const line of createInterface({ input: child.stdout })) {
    if (!line.startsWith('{')) continue
    const { cell, operation, error } = JSON.parse(line)
    const at = cells[cell]
    if (!at) continue
    seen.add(cell)
    outcomes.push({ client: client.title, cell: at, operation, error })
  }
  for (const [number, cell] of cells.entries()) {
    if (seen.has(number)) continue
    const error = `ended early: ${errors.trim().split('\n').at(-1) ?? ''}`
    outcomes.push({ client: client.title, cell, operation: 'client', error })
  }
}

async function canMountHosts(): Promise<boolean> {
  return process.platform === 'linux' && spawnSync('unshare', ['--mount', 'true']).status === 0
}

// In a mount namespace of its own, so that the machine's file stays as it is.
async function mountHosts(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'hosts-'))
  const file = join(folder, 'hosts')
  await writeFile(file, NAMES.map((name) => `127.0.0.1 ${name}\n`).join(''))
  return spawnSync('mount', ['--bind', file, '/etc/hosts']).status === 0
}
