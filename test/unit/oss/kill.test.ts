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
import { presignUrl } from '../../../app/signing/index.ts'

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
