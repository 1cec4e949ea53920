import { expect, test } from 'vitest'
import { file, results, select, slowDown, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

test('leaving the page asks first while an upload is active, and only then', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const dialogs: string[] = []
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.type())
    void dialog.dismiss()
  })
  await slowDown(page, 100_000)
  await select(page, [file('slow.bin', Buffer.alloc(1_000_000))])
  await upload(page)
  await page.getByText('B/s').first().waitFor()
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => dialogs).toEqual(['beforeunload'])
  expect(page.isClosed()).toBe(false)
  await slowDown(page, 100_000_000)
  expect(await results(page, 1)).toEqual(['stored: slow.bin: Stored as upload/slow.bin'])
  await page.close({ runBeforeUnload: true })
  await expect.poll(() => page.isClosed()).toBe(true)
  expect(dialogs).toEqual(['beforeunload'])
})
