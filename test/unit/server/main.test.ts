import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { parseAnswer, rawConnection } from './raw-connection.ts'

const MAIN = fileURLToPath(new URL('../../../app/server/main.ts', import.meta.url))
let clientDir: string
const children: ChildProcess[] = []

beforeAll(async () => {
  clientDir = await mkdtemp(join(tmpdir(), 'page-'))
  await writeFile(join(clientDir, 'index.html'), '<title>The page</title>')
})
afterAll(() => rm(clientDir, { recursive: true }))
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Runs the server with nothing in its environment but what is given. */
function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [MAIN], { env })
  children.push(child)
  const output = { stdout: '', stderr: '' }
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk
  })
  const ended = once(child, 'close').then(([code]) => ({ code, ...output }))
  const listening = async (): Promise<number> => {
    for (;;) {
      const port = /Listening on port (\d+), signing for/.exec(output.stdout)?.[1]
      if (port !== undefined) return Number(port)
      await Promise.race([
        once(child.stdout, 'data'),
        ended.then((end) => Promise.reject(new Error(end.stderr))),
      ])
    }
  }
  return { child, ended, listening }
}

const env = () => ({
  OSS_ACCESS_KEY_ID: 'LTAI',
  OSS_ACCESS_KEY_SECRET: 'top-secret',
  OSS_BUCKET: 'photos',
  OSS_REGION: 'ap-southeast-1',
  HOST: '127.0.0.1',
  PORT: '0',
  CLIENT_DIR: clientDir,
})

test('behind a proxy GET /healthz names the process', async () => {
  const behind = { ...env(), RELEASE: '0123456789ab', TRUSTED_PROXIES: '1' }
  const healths = await Promise.all(
    [behind, behind, { ...behind, TRUSTED_PROXIES: '0' }].map(async (variables) => {
      const port = await run(variables).listening()
      return (await fetch(`http://127.0.0.1:${port}/healthz`)).json()
    }),
  )
  const instance = expect.stringMatching(/^[0-9a-f]{8}$/)
  expect(healths).toEqual([
    { status: 'ok', release: '0123456789ab', instance },
    { status: 'ok', release: '0123456789ab', instance },
    { status: 'ok', release: '0123456789ab' },
  ])
  expect(new Set(healths.map((health) => (health as { instance?: string }).instance)).size).toBe(3)
})

test.each(['SIGTERM', 'SIGINT'] as const)('%s lets pending requests finish', async (signal) => {
  const { child, ended, listening } = run(env())
  const port = await listening()
  const connection = await rawConnection(port)
  connection.send('GET / HTTP/1.1\r\nHost: a\r\n')
  // An answer on another connection shows that the half request has been read, too.
  expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200)
  child.kill(signal)
  while (
    await fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => true,
      () => false,
    )
  ) {}
  connection.send('\r\n')
  const answer = parseAnswer(await connection.closed)
  expect([answer.status, answer.headers.connection, answer.body]).toEqual([
    200,
    'close',
    '<title>The page</title>',
  ])
  const end = await ended
  expect([end.code, end.stderr]).toEqual([0, ''])
})

test('a second signal exits at once', async () => {
  const { child, ended, listening } = run(env())
  const port = await listening()
  const connection = await rawConnection(port)
  connection.send('GET / HTTP/1.1\r\n')
  child.kill('SIGTERM')
  while (
    await fetch(`http://127.0.0.1:${port}/healthz`).then(
      () => true,
      () => false,
    )
  ) {}
  expect(child.exitCode).toBe(null)
  child.kill('SIGTERM')
  expect((await ended).code).toBe(1)
})

test('a port in use is reported in one sentence', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  const end = await run({ ...env(), PORT: String(port) }).ended
  other.close()
  expect(end).toEqual({
    code: 1,
    stdout: '',
    stderr: `Port ${port} is taken: choose another\n`,
  })
})

test('an invalid environment is reported in one message', async () => {
  const end = await run({ ...env(), PORT: 'x', OSS_BUCKET: '' }).ended
  expect(end).toEqual({
    code: 1,
    stdout: '',
    stderr:
      'The configuration cannot be used:\n  OSS_BUCKET must be set\n' +
      '  PORT must be a whole number from 0 to 65535\n',
  })
})
