import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable } from 'node:stream'
import { afterEach, expect, test } from 'vitest'
import { hashOf } from './demo.ts'
import { file, hash, results, select, upload, visits } from './visit.ts'

const shared = visits()
let demo: ChildProcessByStdio<null, Readable, null> | undefined

// As `npm start` does it, on free ports; resolves once the address is told.
async function start(dir: string): Promise<{ address: string; said: string[] }> {
  const args = ['app/demo/local.ts', '--port', '0', '--oss-port', '0', '--dir', dir]
  demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const said: string[] = []
  const lines = createInterface({ input: demo.stdout })
  const address = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      said.push(line)
      const found = /^OssClientAddress: (http:\/\/\S+)$/.exec(line)?.[1]
      if (found) resolve(found)
    })
    lines.on('close', () => reject(new Error(`It ended after saying: ${said.join('\n')}`)))
  })
  return { address, said }
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

test('npm start: uploads land in the folder, are reported, and are there the next time', async () => {
  const dir = join(shared.folder, 'landed')
  const { address, said } = await start(dir)
  expect(said[0]).toBe(`Uploads land in ${join(dir, 'demo-bucket')}`)
  const page = await shared.open(address.replace('127.0.0.1', 'demo.example'))
  await select(page, [file('hello.txt', 'hello')])
  await upload(page)
  const [line] = await results(page, 1)
  const key = /^stored: hello\.txt: Stored as (upload\/[0-9a-f]{16}\/hello\.txt)$/.exec(line ?? '')
  const path = key?.[1] ?? ''
  expect(await hashOf(join(dir, 'demo-bucket', path))).toBe(hash('hello'))
  await expect.poll(() => said.at(-1)).toBe(`Stored ${path} (5 bytes)`)
  await page.close()
  expect(await end()).toBe(0)

  const again = await start(dir)
  const next = await shared.open(again.address)
  await select(next, [file('more.txt', 'more')])
  await upload(next)
  await results(next, 1)
  expect(await hashOf(join(dir, 'demo-bucket', path))).toBe(hash('hello'))
})
