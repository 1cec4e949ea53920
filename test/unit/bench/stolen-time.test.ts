import { expect, test } from 'vitest'
import { processorTime, stolenShare } from '../../bench/stolen-time.ts'

const before = 'cpu  100 0 50 9000 30 0 20 10 0 0\ncpu0 1 2 3 4 5 6 7 8 9 10\n'
const after = 'cpu  160 10 70 9900 40 5 25 60 7 7\ncpu0 1 2 3 4 5 6 7 8 9 10\n'

test('stolen time is a share of the busy time', () => {
  const [from, to] = [processorTime(before), processorTime(after)]
  expect([from, to]).toEqual([
    { busy: 180, stolen: 10 },
    { busy: 330, stolen: 60 },
  ])
  if (from && to) expect(stolenShare(from, to)).toBeCloseTo(50 / 150)
})

test('without figures there is no share, and an idle machine has lost nothing', () => {
  expect(processorTime('')).toBeUndefined()
  expect(processorTime('cpu0 1 2 3 4 5 6 7 8\n')).toBeUndefined()
  const idle = { busy: 5, stolen: 2 }
  expect(stolenShare(idle, idle)).toBe(0)
})
