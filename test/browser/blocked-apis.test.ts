import { expect, test } from 'vitest'
import { largeFileFixture, MIB, uploadFile } from './large-file-fixture.ts'
import { results } from './page-actions.ts'

const shared = largeFileFixture()

test('a file is uploaded in parts where storage, channels, workers, locks and clipboard throw', async () => {
  const demo = await shared.largeDemo()
  const opened = await shared.openWithFile(demo, 'blocked.bin', 6 * MIB, {}, async (page) => {
    await page.addInitScript(() => {
      const block = (target: object, name: string): void => {
        Object.defineProperty(target, name, {
          get() {
            throw new DOMException(`${name} is blocked`, 'SecurityError')
          },
        })
      }
      for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches']) {
        block(window, name)
      }
      for (const name of ['BroadcastChannel', 'Worker', 'SharedWorker']) block(window, name)
      for (const name of ['locks', 'wakeLock', 'clipboard', 'storage', 'serviceWorker']) {
        block(Navigator.prototype, name)
      }
    })
  })
  await uploadFile(opened)
  expect(await results(opened.page, 1)).toEqual([
    'stored: blocked.bin: Stored as upload/blocked.bin',
  ])
  expect(await demo.hashOfObject('upload/blocked.bin')).toBe(opened.hash)
  await opened.page.getByRole('button', { name: '中文' }).click()
  await opened.page.getByText('已存储为 upload/blocked.bin').waitFor()
})
