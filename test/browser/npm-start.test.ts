import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { hashOf } from './demo.ts'
import { file, hash, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
let demo: ChildProcessByStdio<null, Readable, null> | undefined

/** Starts the demo like `npm start`, on free ports. Resolves when it prints its address. */
async function start(dir: string): Promise<{ address: string; output: string[] }> {
  const ports = ['--port', '0', '--oss-port', '0']
  const args = ['app/demo/local.ts', ...ports, '--dir', dir, '--allow-host', 'demo.example']
  demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const output: string[] = []
  const lines = createInterface({ input: demo.stdout })
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      output.push(line)
      const found = /^OssClientAddress: (http:\/\/\S+)$/.exec(line)?.[1]
      if (found) resolve(found)
    })
    lines.on('close', () => reject(new Error(`It ended after saying: ${output.join('\n')}`)))
  })
  return { address, output }
}

async function end(): Promise<number | null> {
  if (demo === undefined) return null
  const ending = demo
  demo = undefined
  ending.kill('SIGINT')
  if (ending.exitCode === null) await once(ending, 'exit')
  return ending.exitCode
}

afterEach(end)

test('npm start stores uploads in the folder, prints them, and finds them the next time', async () => {
  const dir = join(shared.folder, 'landed')
  const { address, output } = await start(dir)
  expect(output[0]).toBe(`Uploads land in ${join(dir, 'demo-bucket')}`)
  const page = await shared.open(address.replace('127.0.0.1', 'demo.example'))
  await select(page, [file('hello.txt', 'hello')])
  await upload(page)
  const [line] = await results(page, 1)
  const key = /^stored: hello\.txt: Stored as (upload\/[0-9a-f]{16}\/hello\.txt)$/.exec(line ?? '')
  const path = key?.[1] ?? ''
  expect(await hashOf(join(dir, 'demo-bucket', path))).toBe(hash('hello'))
  await expect.poll(() => output.at(-1)).toBe(`Stored ${path} (5 bytes)`)
  await page.close()
  expect(await end()).toBe(0)

  const again = await start(dir)
  const next = await shared.open(again.address)
  await select(next, [file('more.txt', 'more')])
  await upload(next)
  await results(next, 1)
  expect(await hashOf(join(dir, 'demo-bucket', path))).toBe(hash('hello'))
})
