import { expect, test } from 'vitest'
import { PauseGate } from '../../../app/client/uploader/multipart/pause-gate.ts'

test('an upload waits until it is resumed, and its requests are aborted', async () => {
  const gate = new PauseGate()
  const { signal } = new AbortController()
  await gate.untilResumed(signal)
  const request = gate.signal
  gate.pause()
  expect([gate.isPaused, request.aborted]).toEqual([true, true])
  let isResumed = false
  const waiting = gate.untilResumed(signal).then(() => {
    isResumed = true
  })
  await new Promise((done) => setTimeout(done, 5))
  expect(isResumed).toBe(false)
  gate.resume()
  await waiting
  expect([isResumed, gate.isPaused, gate.signal.aborted]).toEqual([true, false, false])
})

test('cancelling an upload ends its pause', async () => {
  const gate = new PauseGate()
  const cancel = new AbortController()
  gate.pause()
  const waiting = gate.untilResumed(cancel.signal)
  cancel.abort(new Error('cancelled'))
  await expect(waiting).rejects.toThrow('cancelled')
})
