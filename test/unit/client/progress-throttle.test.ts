import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ProgressThrottle } from '../../../app/client/uploader/progress-throttle.ts'

let passed: (number | string)[] = []
let throttle: ProgressThrottle
const send = (sentBytes: number): void => throttle.report({ kind: 'sending', sentBytes })

beforeEach(() => {
  vi.useFakeTimers()
  passed = []
  throttle = new ProgressThrottle((progress) => {
    passed.push(progress.kind === 'sending' ? progress.sentBytes : progress.kind)
  })
})

afterEach(() => {
  vi.useRealTimers()
})

test('a thousand events a second are passed on ten times, the last one included', () => {
  for (let sent = 1; sent <= 1000; sent += 1) {
    send(sent)
    vi.advanceTimersByTime(1)
  }
  vi.advanceTimersByTime(100)
  expect(passed).toEqual([1, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000])
})

test('another kind of progress is passed on at once, and not overwritten by older bytes', () => {
  send(1)
  send(2)
  throttle.report({ kind: 'paused' })
  vi.advanceTimersByTime(1000)
  send(3)
  throttle.report({ kind: 'offline' })
  expect(passed).toEqual([1, 'paused', 3, 'offline'])
})

test('a new attempt starts at zero at once', () => {
  send(5)
  send(0)
  expect(passed).toEqual([5, 0])
})

test('nothing is passed on after the end', () => {
  send(1)
  send(2)
  throttle.close()
  vi.advanceTimersByTime(1000)
  send(3)
  expect(passed).toEqual([1])
})
