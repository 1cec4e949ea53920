import { cp, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { freePort } from '../free-port.ts'
import { type Consumer, createConsumer, NAMES, PINNED } from './consumer.ts'
import { type EmbeddedOssProgram, startEmbeddedOssProgram } from './embedded-oss-program.ts'
import { startProgram, untilAnswered } from './running-program.ts'

const EXAMPLES = fileURLToPath(new URL('../../docs/examples', import.meta.url))
const { typescript = '', '@types/node': nodeTypes = '' } = PINNED

let consumer: Consumer
let oss: EmbeddedOssProgram

beforeAll(async () => {
  consumer = await createConsumer(
    NAMES.filter((name) => !name.endsWith('/infra')),
    {
      '@hono/node-server': '2.1.9',
      '@types/node': nodeTypes,
      '@types/react': '19.3.3',
      '@types/react-dom': '19.3.0',
      fastify: '5.12.8',
      hono: '4.13.19',
      next: '16.4.6',
      react: '19.3.1',
      'react-dom': '19.3.1',
      typescript,
      vitest: '5.1.1',
    },
  )
  await cp(EXAMPLES, join(consumer.folder, 'examples'), { recursive: true })
  oss = await startEmbeddedOssProgram(consumer)
}, 300_000)
afterAll(async () => {
  await oss.stop()
  await consumer.remove()
})

/** Signs and uploads a file as any client does. @returns The key */
async function upload(server: string, text: string): Promise<string> {
  const file = { name: 'a.png', type: 'image/png', size: text.length }
  const signed = await fetch(`${server}/upload/signatures`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files: [file] }),
  })
  expect(signed.status).toBe(200)
  const [{ url, fields, key }] = (await signed.json()).files
  const form = new FormData()
  for (const [name, value] of Object.entries<string>(fields)) form.append(name, value)
  form.append('file', new Blob([text]))
  expect((await fetch(url, { method: 'POST', body: form })).status).toBe(200)
  return key
}

async function expectSigns(server: string): Promise<void> {
  const one = await untilAnswered(`${server}/upload/signature?name=a.png&type=image/png&size=5`)
  expect([one.status, (await one.json()).key]).toEqual([200, expect.stringMatching(/\/a\.png$/)])
  const refused = await fetch(`${server}/upload/signature?name=a.exe&size=5`)
  expect([refused.status, (await refused.json()).code]).toEqual([415, 'TypeNotAllowed'])
  const config = await fetch(`${server}/upload/config.json`)
  expect(await config.json()).toMatchObject({ accessCodeRequired: false })
  const key = await upload(server, 'hello')
  expect(await readFile(join(oss.folder, key), 'utf8')).toBe('hello')
}

test('every example compiles', async () => {
  const options = {
    allowImportingTsExtensions: true,
    jsx: 'react-jsx',
    lib: ['es2024', 'dom', 'dom.iterable'],
    module: 'esnext',
    moduleResolution: 'bundler',
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    target: 'es2024',
    types: ['node'],
  }
  await consumer.write('examples/tsconfig.json', JSON.stringify({ compilerOptions: options }))
  const tsc = ['node_modules/typescript/bin/tsc', '-p', 'examples']
  expect(await consumer.run(process.execPath, tsc)).toBe('')
}, 120_000)

test.each(['express', 'fastify', 'hono'])('%s signs uploads in its own routes', async (name) => {
  const port = await freePort()
  const env = { ...oss.env, PORT: String(port) }
  const path = join('examples', `${name}.ts`)
  const program = await startProgram([path], consumer.folder, env)
  await expectSigns(`http://127.0.0.1:${port}`)
  await program.stop()
})

test('Next.js signs uploads in a route handler', async () => {
  const port = String(await freePort())
  const folder = join(consumer.folder, 'examples/next')
  const next = join(consumer.folder, 'node_modules/next/dist/bin/next')
  const env = { ...oss.env, NEXT_TELEMETRY_DISABLED: '1' }
  const build = await startProgram([next, 'build'], folder, env, /\/upload\/\[endpoint\]/)
  await build.stop()
  const server = await startProgram([next, 'start', '--port', port], folder, env, /Ready/)
  await expectSigns(`http://127.0.0.1:${port}`)
  await server.stop()
}, 240_000)
