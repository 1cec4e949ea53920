import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const MODULE = new URL('../../../app/process/close-on-signal.ts', import.meta.url).href

/** Starts a program whose `close` prints a line and then takes `closeMs`. */
async function start(closeMs: number) {
  const script = `import { closeOnSignal } from '${MODULE}'
    setInterval(() => {}, 1000)
    closeOnSignal(async () => {
      console.log('closing')
      await new Promise((done) => setTimeout(done, ${closeMs}))
    })
    console.log('ready')`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test.each(['SIGINT', 'SIGTERM'] as const)('%s closes, then exits with 0', async (signal) => {
  const child = await start(10)
  child.kill(signal)
  expect(String(await once(child.stdout, 'data'))).toBe('closing\n')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('a second signal exits with 1 at once', async () => {
  const child = await start(60_000)
  child.kill('SIGINT')
  await once(child.stdout, 'data')
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([1, null])
})
