import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { presignUrl } from '../../../app/signing/index.ts'
import type { Benchmark, Context, Result } from '../benchmark.ts'
import { KEY, REGION } from '../stores/oss-form.ts'
import { ours } from '../stores/ours.ts'
import { BUCKET, type RunningStore } from '../stores/store.ts'

const OBJECTS = 1_000_000
const QUICK_OBJECTS = 10_000
const PAGE = 1000
const MIB = 1024 ** 2

/** Lists a large bucket page by page, and measures time and memory. */
export const listing: Benchmark = {
  name: 'listing',
  async run(context) {
    const objects = context.quick ? QUICK_OBJECTS : OBJECTS
    const folder = join(context.folder, 'listing')
    mkdirSync(folder, { recursive: true })
    await (await ours.start(folder, context.report)).stop()
    context.report(`Writing ${objects.toLocaleString('en')} objects`)
    writeObjects(folder, objects)
    const store = await ours.start(folder, context.report)
    try {
      return await listAll(store, objects, context)
    } finally {
      await store.stop()
    }
  },
}

async function listAll(store: RunningStore, objects: number, context: Context): Promise<Result[]> {
  const what = `ListObjectsV2 of ${objects.toLocaleString('en')} objects, ${PAGE} a page`
  const startMs = performance.now()
  let token = await listPage(store, undefined)
  const firstMs = performance.now() - startMs
  const first = residentBytes(store)
  let pages = 1
  while (token !== undefined) {
    token = await listPage(store, token)
    pages += 1
    if (pages % 100 === 0) context.report(`${pages} pages`)
  }
  const pageMs = (performance.now() - startMs - firstMs) / (pages - 1)
  const growth = residentBytes(store) / first
  const row = { what, against: '-' }
  return [
    { ...row, name: 'listing/first-page', ours: `${(firstMs / 1000).toFixed(1)} s` },
    { ...row, name: 'listing/page', ours: `${pageMs.toFixed(1)} ms` },
    {
      ...row,
      name: 'listing/memory',
      what: `${what}: memory after the last page to memory after the first`,
      ours: `${(first / MIB).toFixed(0)} MiB`,
      ratio: growth,
      goal: { atMost: 1.5 },
    },
  ]
}

/** @returns the token of the next page; undefined after the last one */
async function listPage(
  store: RunningStore,
  token: string | undefined,
): Promise<string | undefined> {
  const url = presignUrl({
    credentials: KEY,
    region: REGION,
    bucket: BUCKET,
    method: 'GET',
    endpoint: store.url.replace(/\/$/, ''),
    now: new Date(),
    expiresInSeconds: 600,
    query: {
      'list-type': '2',
      'max-keys': String(PAGE),
      ...(token === undefined ? {} : { 'continuation-token': token }),
    },
  })
  const text = await (await fetch(url)).text()
  const count = text.match(/<Contents>/g)?.length ?? 0
  if (count === 0) throw new Error(`No page: ${text.slice(0, 300)}`)
  return /<NextContinuationToken>(.*)</.exec(text)?.[1]
}

// As the store writes them; by requests, a million objects would take too long.
function writeObjects(folder: string, objects: number): void {
  const records = join(folder, '.oss', 'records', BUCKET)
  for (let n = 0; n < objects; n += 1) {
    const [directory, key] = [`d${Math.floor(n / 1000)}`, `d${Math.floor(n / 1000)}/${n}.txt`]
    if (n % 1000 === 0) mkdirSync(join(folder, BUCKET, directory), { recursive: true })
    const path = join(folder, BUCKET, key)
    writeFileSync(path, '')
    const meta = {
      key,
      size: 0,
      etag: 'D41D8CD98F00B204E9800998ECF8427E',
      crc64: '0',
      lastModified: '2026-11-24T12:00:00.000Z',
      type: 'Normal',
      headers: { 'content-type': 'text/plain' },
      storageClass: 'Standard',
      acl: 'default',
    }
    const record = `${hash('sha256', key)}-${statSync(path).ino}.json`
    writeFileSync(join(records, record), JSON.stringify(meta))
  }
}

function residentBytes({ pid }: RunningStore): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8')
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024
}
