import { expect, test } from 'vitest'
import { file, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

test('a Chinese browser gets the page in Chinese', async () => {
  const demo = await shared.demo({ signing: { allowedTypes: ['.txt'], maxSize: 2048 } })
  const page = await shared.open(demo.address, { locale: 'zh-TW' })
  expect(await page.locator('h1').textContent()).toBe('从网页客户端直传数据到 OSS')
  expect(await page.title()).toContain('Transfer Data from Web Client to OSS')
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN')
  await page.getByRole('button', { name: '选择文件', exact: true }).waitFor()
  await page.getByText('单个文件不超过 2 kB · .txt').waitFor()
  await select(page, [file('笔记.txt', '你好'), file('图.png', '')])
  await page.getByRole('button', { name: '上传 1 个文件' }).click()
  expect(await results(page, 2)).toEqual([
    'notAdded: 图.png: 未添加：此处只允许以下类型：.txt',
    'stored: 笔记.txt: 已存储为 upload/笔记.txt',
  ])
})

test('switching the language keeps files and results, and the choice is remembered', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  const english = page.getByRole('button', { name: 'English' })
  const chinese = page.getByRole('button', { name: '中文' })
  expect(await english.getAttribute('aria-pressed')).toBe('true')
  await select(page, [file('a.txt', 'a')])
  await upload(page)
  await results(page, 1)
  await select(page, [file('a.txt', 'again'), file('b.txt', 'b')])
  await chinese.click()
  await page.getByRole('button', { name: '上传 2 个文件' }).click()
  const [first, ...rest] = await results(page, 3)
  expect(first).toBe('stored: a.txt: 已存储为 upload/a.txt')
  expect(rest.join().replace(/\w{24}/, 'ID')).toBe(
    'failed: a.txt: 已存在同名文件：可以两者都保留，或先重命名您的文件。 (EC 0000-00000000, 请求 ID),stored: b.txt: 已存储为 upload/b.txt',
  )
  await page.getByRole('button', { name: '两者都保留: a.txt' }).waitFor()
  await english.click()
  expect((await results(page, 3))[1]).toContain('A file with this name already exists')
  await page.getByRole('button', { name: 'Keep both: a.txt' }).waitFor()
  expect(await page.locator('html').getAttribute('lang')).toBe('en')
  await chinese.click()
  await page.getByText('传输列表').waitFor()
  await page.reload()
  await page.getByText('从网页客户端直传数据到 OSS', { exact: true }).waitFor()
  expect(await chinese.getAttribute('aria-pressed')).toBe('true')
})

test('the language can be switched where storage is blocked', async () => {
  const demo = await shared.demo()
  const page = await shared.open(demo.address, {}, async (page) => {
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get() {
          throw new DOMException('blocked', 'SecurityError')
        },
      })
    })
  })
  await page.getByRole('button', { name: '中文' }).click()
  await page.getByText('从网页客户端直传数据到 OSS', { exact: true }).waitFor()
})
