import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { expect, test } from 'vitest'
import { hash, results, upload, visits } from './visit.ts'

const shared = visits()

test('a folder keeps its structure in the keys', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await shared.write('trip/day 1/a.txt', 'one')
  await shared.write('trip/day 2/a.txt', 'two')
  await shared.write('trip/b.txt', 'three')
  await page.locator('input.uppy-Dashboard-input').nth(1).setInputFiles(join(shared.folder, 'trip'))
  await upload(page)
  expect((await results(page, 3)).sort()).toEqual([
    'stored: trip/b.txt: Stored as upload/trip/b.txt',
    'stored: trip/day 1/a.txt: Stored as upload/trip/day 1/a.txt',
    'stored: trip/day 2/a.txt: Stored as upload/trip/day 2/a.txt',
  ])
  expect(Object.values(await demo.stored()).sort()).toEqual(
    ['one', 'two', 'three'].map((text) => hash(text)).sort(),
  )
})

async function give(page: Page, type: 'drop' | 'paste', name: string): Promise<void> {
  await page.locator('.uppy-Dashboard').evaluate(
    (dashboard, [type, name]) => {
      const data = new DataTransfer()
      data.items.add(new File([name as string], name as string, { type: 'text/plain' }))
      const options = { bubbles: true, cancelable: true }
      dashboard.dispatchEvent(
        type === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: data })
          : new ClipboardEvent('paste', { ...options, clipboardData: data }),
      )
    },
    [type, name],
  )
}

test('files are dropped and pasted', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await give(page, 'drop', 'dropped.txt')
  await page.getByRole('button', { name: 'Upload 1 file' }).waitFor()
  await give(page, 'paste', 'pasted.txt')
  await page.getByRole('button', { name: 'Upload 2 files' }).click()
  await results(page, 2)
  expect(await demo.stored()).toEqual({
    'upload/dropped.txt': hash('dropped.txt'),
    'upload/pasted.txt': hash('pasted.txt'),
  })
})

test('the camera is loaded when it is wanted, and its picture is uploaded', async () => {
  const demo = await shared.demo()
  // Localhost is a secure context: only there may a page on plain http see a camera.
  const page = await shared.open(demo.address.replace('demo.example', '127.0.0.1'), {
    permissions: ['camera'],
  })
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByRole('tab', { name: '相机' }).waitFor()
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('tab', { name: 'Camera' }).click()
  await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0)
  await page.getByRole('button', { name: 'Take a picture' }).click()
  await page.getByRole('button', { name: 'Submit recorded file' }).click()
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    /^stored: cam-\d+\.jpg: Stored as upload\/cam-\d+\.jpg$/,
  )
})

test('where no stream is allowed a phone is offered its own camera', async () => {
  const demo = await shared.demo()
  const desktop = await shared.open(demo.address)
  expect(await desktop.getByRole('tab').count()).toBe(0)
  const phone = await shared.open(demo.address, { hasTouch: true, isMobile: true })
  const chooser = phone.waitForEvent('filechooser')
  await phone.getByRole('tab', { name: 'Take Picture' }).click()
  expect(await (await chooser).element().getAttribute('capture')).toBe('environment')
})
