import { spawnSync } from 'node:child_process'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { LineBuffer } from '../../../app/process/line-buffer.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function lineBuffer() {
  const written: string[] = []
  const lines = new LineBuffer(() => ({ write: (text) => written.push(text) }))
  return { lines, written }
}

test('writes the lines of 200 ms at once, and no line twice', () => {
  const { lines, written } = lineBuffer()
  lines.write('one\n')
  vi.advanceTimersByTime(199)
  lines.write('two\n')
  expect(written).toEqual([])
  vi.advanceTimersByTime(1)
  expect(written).toEqual(['one\ntwo\n'])
  vi.advanceTimersByTime(1000)
  expect(written).toEqual(['one\ntwo\n'])
})

test('writes 8 KiB of lines without waiting', () => {
  const { lines, written } = lineBuffer()
  const line = `${'x'.repeat(1023)}\n`
  for (let n = 1; n <= 7; n += 1) lines.write(line)
  expect(written).toEqual([])
  lines.write(line)
  expect(written).toEqual([line.repeat(8)])
})

test.each([
  ['exits', 'process.exit(3)', 3],
  ['has nothing left to do', '', 0],
  ['throws', "throw new Error('of the test')", 1],
])('writes the last lines of a log when the process %s', (_title, end, code) => {
  const module = new URL('../../../app/server/http/logger.ts', import.meta.url).href
  const script = `const { createLogger } = await import('${module}')
    const log = createLogger(); log.info('first'); log.warn('last'); ${end}`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  })
  const messages = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).msg)
  expect([messages, status]).toEqual([['first', 'last'], code])
})
