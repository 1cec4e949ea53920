import { type ChildProcess, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { buffer } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ObjectStore } from '../../../app/oss/store/object-store.ts'
import { type PresignInput, presignUrl } from '../../../app/signing/index.ts'

const credentials = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
let root: string
let server: ChildProcess | undefined

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kill-'))
})

afterEach(async () => {
  server?.kill('SIGKILL')
  await rm(root, { recursive: true })
})

async function start(): Promise<string> {
  const args = ['--port', '0', '--dir', root, '--bucket', 'photos', '--key', 'LTAI:secret']
  const child = spawn(process.execPath, ['app/oss/main.ts', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  server = child
  let endpoint: string | undefined
  for await (const line of createInterface({ input: child.stdout })) {
    endpoint = /^OssEndpoint: (\S+)$/.exec(line)?.[1]
    if (endpoint) break
  }
  child.stdout.resume()
  if (!endpoint) throw new Error('The embedded OSS did not start')
  return endpoint
}

const hash = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex').toUpperCase()

test('a kill at any time leaves whole objects and all that were confirmed', async () => {
  const answered = new Map<string, Set<string>>()
  const stored = new Set<string>()
  for (let round = 0; round < 3; round += 1) {
    const endpoint = await start()
    let killed = false
    const writer = async (writerId: number): Promise<void> => {
      for (let i = 0; !killed; i += 1) {
        const key = `w${writerId}/${i % 3}.bin`
        const body = randomBytes(200_000)
        const input = { credentials, region: 'ap-southeast-1', bucket: 'photos', key } as const
        const signed = { method: 'PUT', endpoint, now: new Date(), expiresInSeconds: 60 } as const
        const url = presignUrl({ ...input, ...signed })
        const sent = answered.get(key) ?? new Set()
        answered.set(key, sent)
        const reply = await fetch(url, { method: 'PUT', body }).catch(() => undefined)
        // Either may be there: an answer that was lost does not undo what was stored.
        if (reply?.status === 200) {
          sent.clear()
          stored.add(key)
        }
        sent.add(hash(body))
      }
    }
    const writers = [0, 1, 2].map(writer)
    // Every key has been stored once before the first kill.
    await expect.poll(() => stored.size, { timeout: 20_000 }).toBe(9)
    await sleep(100 + round * 77)
    killed = true
    server?.kill('SIGKILL')
    if (server) await once(server, 'exit')
    await Promise.all(writers)
  }
  const bucket = (await ObjectStore.open(root)).find('photos')
  const { objects = [] } = (await bucket?.objects.list({ max: 1000 })) ?? {}
  expect(objects.map(({ key }) => key)).toEqual([...answered.keys()].sort())
  for (const { key, etag, size } of objects) {
    const found = await bucket?.objects.open(key)
    const bytes = found ? await buffer(found.stream()) : Buffer.alloc(0)
    expect([size, hash(bytes)]).toEqual([200_000, etag])
    expect([...(answered.get(key) ?? [])]).toContain(etag)
  }
  expect(await readdir(join(root, '.oss', 'staging', 'photos'))).toEqual([])
})

/** Sends a signed request; undefined when the response is lost. Bytes get no Content-Type from `fetch`. */
async function send(
  endpoint: string,
  key: string,
  input: Pick<PresignInput, 'method'> & Partial<Pick<PresignInput, 'query' | 'headers'>>,
  body?: Uint8Array<ArrayBuffer>,
): Promise<Response | undefined> {
  const object = { credentials, region: 'ap-southeast-1', bucket: 'photos', key, endpoint } as const
  const url = presignUrl({ ...object, ...input, now: new Date(), expiresInSeconds: 60 })
  const { method, headers = {} } = input
  return fetch(url, { method, headers, ...(body !== undefined && { body }) }).catch(() => undefined)
}

const BLOCK_BYTES = 70_000
const block = (n: number): Uint8Array<ArrayBuffer> => new Uint8Array(BLOCK_BYTES).fill(n % 251)
const tagging = (value: string): string =>
  `<Tagging><TagSet>${['a', 'b'].map((key) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`).join('')}</TagSet></Tagging>`

test('a kill during appends, symlinks and tags leaves each in its old or new state', async () => {
  let confirmed = 0
  for (let round = 0; round < 4; round += 1) {
    const endpoint = await start()
    let killed = false
    const changed = { append: 0, link: 0, tags: 0 }
    await send(endpoint, 'tagged', { method: 'PUT' }, new Uint8Array(1))
    const append = async (): Promise<void> => {
      while (!killed) {
        const head = await send(endpoint, 'log', { method: 'HEAD' })
        if (head === undefined) continue
        const position = Number(head.headers.get('x-oss-next-append-position') ?? 0)
        const query = { append: '', position: String(position) }
        const response = await send(
          endpoint,
          'log',
          { method: 'POST', query },
          block(position / BLOCK_BYTES),
        )
        if (response?.status !== 200) continue
        confirmed = position / BLOCK_BYTES + 1
        changed.append += 1
      }
    }
    const link = async (): Promise<void> => {
      for (let n = 0; !killed; n += 1) {
        const headers = { 'x-oss-symlink-target': `target-${n % 2}` }
        const query = { symlink: '' }
        const response = await send(endpoint, 'link', { method: 'PUT', query, headers })
        if (response?.status === 200) changed.link += 1
      }
    }
    const tag = async (): Promise<void> => {
      for (let n = 0; !killed; n += 1) {
        const query = { tagging: '' }
        const body = new TextEncoder().encode(tagging(String(n % 2)))
        const response = await send(endpoint, 'tagged', { method: 'PUT', query }, body)
        if (response?.status === 200) changed.tags += 1
      }
    }
    const writers = [append(), link(), tag()]
    await expect
      .poll(() => Math.min(...Object.values(changed)), { timeout: 20_000 })
      .toBeGreaterThan(2)
    await sleep(20 + round * 13)
    killed = true
    server?.kill('SIGKILL')
    if (server) await once(server, 'exit')
    await Promise.all(writers)

    const restarted = await start()
    const log = await send(restarted, 'log', { method: 'GET' })
    const bytes = Buffer.from((await log?.arrayBuffer()) ?? new ArrayBuffer())
    const blocks = bytes.length / BLOCK_BYTES
    expect([confirmed, confirmed + 1]).toContain(blocks)
    for (let n = 0; n < blocks; n += 1) {
      expect(bytes.subarray(n * BLOCK_BYTES, (n + 1) * BLOCK_BYTES).equals(block(n))).toBe(true)
    }
    const head = await send(restarted, 'log', { method: 'HEAD' })
    expect(head?.headers.get('x-oss-next-append-position')).toBe(String(bytes.length))
    const target = await send(restarted, 'link', { method: 'GET', query: { symlink: '' } })
    expect(target?.headers.get('x-oss-symlink-target')).toMatch(/^target-[01]$/)
    const tags = await send(restarted, 'tagged', { method: 'GET', query: { tagging: '' } })
    const values = [...((await tags?.text()) ?? '').matchAll(/<Value>(\d)<\/Value>/g)]
    expect(values.map(([, value]) => value)).toEqual([values[0]?.[1], values[0]?.[1]])
    server?.kill('SIGKILL')
    if (server) await once(server, 'exit')
    confirmed = blocks
  }
  const bucket = (await ObjectStore.open(root)).find('photos')
  const { objects = [] } = (await bucket?.objects.list({ max: 1000 })) ?? {}
  expect(objects.map(({ key }) => key)).toEqual(['link', 'log', 'tagged'])
})
