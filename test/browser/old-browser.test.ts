import { expect, test } from 'vitest'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

test.each(['Promise.withResolvers', 'URL.parse', 'AbortSignal.any'])(
  'a browser without %s gets a sentence in both languages',
  async (api) => {
    const demo = await shared.demo()
    const page = await shared.open(demo.address, {}, async (page) => {
      await page.addInitScript((api) => {
        const [target = '', name = ''] = api.split('.')
        Reflect.deleteProperty(Reflect.get(window, target) as object, name)
      }, api)
    })
    await page.getByText('This browser is too old for this page.').waitFor()
    await page.getByText('浏览器版本过旧').waitFor()
    expect(await page.locator('#select-files + input').count()).toBe(0)
  },
)
