import { expect, test } from 'vitest'
import { SpeedMeter } from '../../../app/client/uploader/speed-meter.ts'

test('speed is undefined at first and changes slowly', () => {
  const meter = new SpeedMeter(1000)
  expect(meter.measure(500, 1100)).toBe(undefined)
  expect(meter.measure(1000, 2000)).toBe(1000)
  expect(meter.measure(1000, 2100)).toBe(1000)
  // Two seconds are its half-life.
  expect(meter.measure(1000, 4000)).toBe(500)
})
