import { expect, test, vi } from 'vitest'
import { ScreenWakeLock } from '../../../app/client/page/wake-lock.ts'

const settle = () => new Promise((done) => setTimeout(done))

/** Returns a page and what becomes of its wake locks. */
function pageWith(navigator: object) {
  const listeners: (() => void)[] = []
  const page = {
    defaultView: { navigator },
    visibilityState: 'visible',
    addEventListener: (_: string, listener: () => void) => listeners.push(listener),
  }
  const show = (visibilityState: string): void => {
    page.visibilityState = visibilityState
    for (const listener of listeners) listener()
  }
  return { page: page as unknown as Document, show }
}

test('the screen stays on from the first to the last upload, and after the page was hidden', async () => {
  const release = vi.fn(async () => {})
  const request = vi.fn(async () => ({ release }))
  const { page, show } = pageWith({ wakeLock: { request } })
  const lock = new ScreenWakeLock(page)
  lock.update(true)
  lock.update(true)
  expect(request.mock.calls).toEqual([['screen']])
  show('hidden')
  show('visible')
  expect(request).toHaveBeenCalledTimes(2)
  lock.update(false)
  await settle()
  expect(release).toHaveBeenCalledTimes(1)
  show('visible')
  expect(request).toHaveBeenCalledTimes(2)
})

test.each([
  ['absent', {}],
  ['refused', { wakeLock: { request: () => Promise.reject(new Error('low battery')) } }],
  [
    'blocked',
    {
      get wakeLock() {
        throw new DOMException('blocked', 'SecurityError')
      },
    },
  ],
])('nothing happens where the lock is %s', async (_, navigator) => {
  const { page } = pageWith(navigator)
  const lock = new ScreenWakeLock(page)
  lock.update(true)
  lock.update(false)
  await settle()
})
