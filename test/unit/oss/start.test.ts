import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEMO_HELP, readDemoArguments } from '../../../app/demo/arguments.ts'
import { OSS_HELP, readOssArguments } from '../../../app/oss/cli/arguments.ts'
import { printableKey } from '../../../app/oss/cli/printable-key.ts'
import { startErrorText } from '../../../app/oss/cli/start-error.ts'
import { startEmbeddedOss } from '../../../app/oss/index.ts'
import { BLOCK_BYTES } from '../../../app/oss/store/staging-request.ts'
import { UsageError } from '../../../app/process/usage-error.ts'
import { presignUrl } from '../../../app/signing/index.ts'

// `npm run oss` and `npm start`, as they are started and ended.

const children: ChildProcess[] = []
let root: string

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'start-'))
})

afterEach(async () => {
  for (const child of children.splice(0)) {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  }
  await rm(root, { recursive: true })
})

/** Runs a script until it ends, or until it says a line that matches. */
async function run(script: string, args: string[], until?: RegExp) {
  const child = spawn(process.execPath, [script, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.push(child)
  const said: string[] = []
  const ended = once(child, 'close')
  let errors = ''
  child.stderr.on('data', (chunk) => {
    errors += chunk
  })
  const found = Promise.withResolvers<void>()
  createInterface({ input: child.stdout })
    .on('line', (line) => {
      said.push(line)
      if (until?.test(line)) found.resolve()
    })
    .on('close', () => found.resolve())
  await found.promise
  if (until === undefined) await ended
  return { child, said, ended, errors: () => errors, code: () => child.exitCode }
}

const OSS = 'app/oss/main.ts'
const LOCAL = 'app/demo/local.ts'
const free = (dir: string): string[] => ['--port', '0', '--oss-port', '0', '--dir', dir]

describe('a failed start is one sentence', () => {
  test('a taken port: the page’s, and the bucket’s', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const taken = String((server.address() as AddressInfo).port)
    const results = await Promise.all([
      run(LOCAL, ['--port', taken, '--oss-port', '0', '--dir', root]),
      run(LOCAL, ['--port', '0', '--oss-port', taken, '--dir', join(root, 'other')]),
    ])
    server.close()
    expect(results.map((end) => [end.code(), end.said, end.errors()])).toEqual([
      [1, [], `Port ${taken} is taken: choose another with --port\n`],
      [1, [], `Port ${taken} is taken: choose another with --oss-port\n`],
    ])
    // Nothing was touched for a bucket that could not be served.
    expect(await readdir(root)).not.toContain('other')
  })

  test('a folder that is a file, broken settings, an address of another machine', async () => {
    const text = (error: unknown) => startErrorText(error, '/there', '--port')
    const failure = (options: object) =>
      startEmbeddedOss({ keys: [], dir: root, ...options }).then(
        (oss) => oss.close(),
        (error: unknown) => text(error),
      )
    const file = join(root, 'file')
    await writeFile(file, '')
    expect(await failure({ dir: file })).toBe(
      `The folder /there cannot be used: ENOTDIR: not a directory, mkdir '${join(file, '.oss')}'`,
    )
    const broken = join(root, '.oss', 'buckets', 'photos.json')
    await mkdir(join(root, '.oss', 'buckets'), { recursive: true })
    await writeFile(broken, '{')
    expect(await failure({})).toBe(
      `${broken} is damaged. Restore it, or remove it to create the bucket again`,
    )
    expect(await failure({ host: '192.0.2.1' })).toBe(
      'The address 192.0.2.1 does not belong to this machine',
    )
    expect(text(new TypeError('a mistake of ours'))).toBe(undefined)
  })

  test.each<[string[], string]>([
    [['--port', '65536'], '--port must be a port from 0 to 65535, not "65536"'],
    [['--oss-port', ''], '--oss-port must be a port from 0 to 65535, not ""'],
    [['--dir', ''], '--dir must name a folder'],
    [
      ['--allow-host', 'a.test:8080'],
      '--allow-host must be a host name without port, not "a.test:8080"',
    ],
  ])('npm start -- %j', (args, message) => {
    expect(() => readDemoArguments(args)).toThrow(new UsageError(message))
  })

  test.each<[string[], string]>([
    [[], '--key ID:SECRET must be given, or --keys FILE'],
    [['--key', 'a:b', '--key', 'c:d', '--token', 't'], '--token needs exactly one --key'],
    [
      ['--keys', 'none'],
      "--keys none cannot be read: ENOENT: no such file or directory, open 'none'",
    ],
    [['--key', 'ab'], '--key must be ID:SECRET'],
    [['--port', '1e3'], '--port must be a port from 0 to 65535, not "1e3"'],
    [['--bucket', 'A'], '--bucket must be a bucket name: 3 to 63 of a-z, 0-9 and "-", not "A"'],
    [['--region', 'oss-cn-x'], '--region must be a region like ap-southeast-1, without "oss-"'],
    [['--host', ''], '--host must be an address of this machine'],
    [['--dir', ''], '--dir must name a folder'],
  ])('npm run oss -- %j', (args, message) => {
    expect(() => readOssArguments(args)).toThrow(new UsageError(message))
  })

  test('an option that does not exist shows those that do', () => {
    for (const [read, help] of [
      [readDemoArguments, DEMO_HELP],
      [readOssArguments, OSS_HELP],
    ] as const) {
      expect(() => read(['--pot', '1'])).toThrow(
        new UsageError(`Unknown option '--pot'\n\n${help}`),
      )
    }
  })
})

test('every option is parsed, and in the help text', () => {
  const told = (help: string) => help.match(/(?<=^ {2})--[a-z-]+/gm)
  const local =
    '--port 1 --oss-port 2 --dir d --allow-host a.test --allow-host [::1] --allow-private-callbacks'.split(
      ' ',
    )
  expect(readDemoArguments(local)).toEqual({
    port: 1,
    ossPort: 2,
    dir: 'd',
    allowedHosts: ['a.test', '[::1]'],
    allowPrivateCallbacks: true,
  })
  expect(readDemoArguments(['--help'])).toBe(undefined)
  expect(told(DEMO_HELP)).toEqual([
    '--port',
    '--oss-port',
    '--dir',
    '--allow-host',
    '--allow-private-callbacks',
    '--help',
  ])
  const oss =
    '--port 1 --host ::1 --dir d --bucket one --bucket two --region cn-x --key a:b:c --key d:e'
  expect(readOssArguments(oss.split(' '))).toEqual({
    port: 1,
    host: '::1',
    dir: 'd',
    buckets: ['one', 'two'],
    region: 'cn-x',
    keys: [
      { accessKeyId: 'a', accessKeySecret: 'b:c' },
      { accessKeyId: 'd', accessKeySecret: 'e' },
    ],
    allowPrivateCallbacks: false,
  })
  expect(readOssArguments(['--help'])).toBe(undefined)
  expect(told(OSS_HELP)).toEqual([
    '--port',
    '--host',
    '--dir',
    '--bucket',
    '--region',
    '--key',
    '--token',
    '--keys',
    '--allow-host',
    '--allow-private-callbacks',
    '--help',
  ])
})

test('the demo: a second start leaves it alone, Ctrl-C ends it whatever is connected', async () => {
  const demo = await run(LOCAL, free(root), /^OssClientAddress/)
  const second = await run(LOCAL, free(root))
  expect([second.code(), second.errors()]).toEqual([
    1,
    `The folder ${root} is already served by process ${demo.child.pid}. Choose another folder, or ` +
      `stop that process. If no process serves the folder, remove ${join(root, '.oss', 'lock')}\n`,
  ])
  const page = Number(/^OssClientAddress: .*:(\d+)$/.exec(demo.said.at(-1) ?? '')?.[1])
  const config = await fetch(`http://127.0.0.1:${page}/config.json`)
  const { uploadHost } = (await config.json()) as { uploadHost: string }
  // As browsers open them, for requests that may come.
  const sockets = [await open(page), await open(Number(new URL(uploadHost).port))]
  const before = performance.now()
  demo.child.kill('SIGINT')
  await demo.ended
  expect([demo.code(), demo.errors()]).toEqual([0, ''])
  expect(performance.now() - before).toBeLessThan(8_000)
  for (const socket of sockets) socket.destroy()
  expect(await readdir(join(root, '.oss'))).not.toContain('lock')
})

test('npm run oss prints buckets and address, SIGTERM ends it', async () => {
  const args = ['--port', '0', '--dir', root, '--key', 'a:b', '--bucket', 'one', '--bucket', 'two']
  const oss = await run(OSS, args, /^OssEndpoint/)
  const port = /:(\d+)$/.exec(oss.said.at(-1) ?? '')?.[1]
  expect(oss.said).toEqual([
    `Buckets are in ${root}`,
    `one: http://one.localhost:${port}`,
    `two: http://two.localhost:${port}`,
    `OssEndpoint: http://127.0.0.1:${port}`,
  ])
  const socket = await open(Number(port))
  oss.child.kill('SIGTERM')
  await oss.ended
  expect([oss.code(), oss.errors()]).toEqual([0, ''])
  socket.destroy()
})

test('listening everywhere, every address stands for the first bucket', async () => {
  const keys = [{ accessKeyId: 'a', accessKeySecret: 'b' }]
  const buckets = [{ name: 'photos' }]
  const oss = await startEmbeddedOss({
    dir: root,
    keys,
    buckets,
    host: '0.0.0.0',
    bucketOfAddress: 'photos',
  })
  const reply = await fetch(`http://127.0.0.1:${oss.port}/`, { method: 'POST', body: 'x' })
  expect([reply.status, /<Code>(\w+)</.exec(await reply.text())?.[1]]).toEqual([
    400,
    'RequestIsNotMultiPartContent',
  ])
  await oss.close()
})

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => {})
  await once(socket, 'connect')
  return socket
}

describe('close', () => {
  const key = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
  const start = (closeWithinMs: number) =>
    startEmbeddedOss({
      dir: root,
      keys: [key],
      buckets: [{ name: 'photos' }],
      bucketOfAddress: 'photos',
      closeWithinMs,
    })
  const upload = (port: number) => {
    const url = presignUrl({
      credentials: key,
      region: 'ap-southeast-1',
      bucket: 'photos',
      key: 'a.txt',
      method: 'PUT',
      endpoint: `http://127.0.0.1:${port}`,
      now: new Date(),
      expiresInSeconds: 60,
    })
    // More than is held in memory, so that it can be seen in the folder while it arrives.
    const first = Buffer.alloc(BLOCK_BYTES + 1)
    const length = first.length + 'world'.length
    const sending = request(url, { method: 'PUT', headers: { 'Content-Length': length } })
    const status = new Promise<number | undefined>((resolve) => {
      sending.on('response', ({ statusCode }) => resolve(statusCode))
      sending.on('error', () => resolve(undefined))
    })
    sending.write(first)
    return { sending, status }
  }
  const staged = () => readdir(join(root, '.oss', 'staging', 'photos'))

  test('waits for an upload in progress, and accepts no other', async () => {
    const oss = await start(10_000)
    const { sending, status } = upload(oss.port)
    await expect.poll(staged).toHaveLength(1)
    const closing = oss.close()
    await expect(open(oss.port)).rejects.toThrow('ECONNREFUSED')
    sending.end('world')
    expect(await status).toBe(200)
    await closing
    expect(await staged()).toEqual([])
  })

  test('cuts a stuck upload, which leaves nothing behind', async () => {
    const oss = await start(150)
    const { status } = upload(oss.port)
    await expect.poll(staged).toHaveLength(1)
    const closing = oss.close()
    expect(oss.close()).toBe(closing)
    await closing
    expect([await status, await staged()]).toEqual([undefined, []])
  })
})

test('a printed key has no control characters', () => {
  expect(printableKey('照片 (1).png')).toBe('照片 (1).png')
  expect(printableKey('a\u001b[2J\nb\u202ec\u{e0041}\u2028')).toBe(
    'a\\u{1b}[2J\\u{a}b\\u{202e}c\\u{e0041}\\u{2028}',
  )
})
