import { expect, test } from 'vitest'
import { file, results, select, upload, visits } from './visit.ts'

const shared = visits()

async function answer(status: number, contentType: string, body: string): Promise<string[]> {
  const demo = await shared.demo()
  const page = await shared.open(demo.address)
  await page.route(`${demo.uploadHost}/`, (route) =>
    route.fulfill({
      status,
      contentType,
      body,
      headers: { 'access-control-allow-origin': '*', 'access-control-allow-headers': '*' },
    }),
  )
  await select(page, [file('a.txt', 'a')])
  await upload(page)
  return results(page, 1)
}

test('a failed callback is told as what it is: stored, with a warning', async () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>CallbackFailed</Code><Message>Error status : 502.</Message>
<RequestId>65A0B1C2D3E4F50617283940</RequestId><HostId>b</HostId><EC>0007-00000203</EC></Error>`
  expect(await answer(203, 'application/xml', xml)).toEqual([
    'callbackFailed: a.txt: Stored as upload/a.txt, but the callback failed: Error status : 502. (EC 0007-00000203, request 65A0B1C2D3E4F50617283940)',
  ])
})

test('the reply to the callback is shown in short', async () => {
  const reply = JSON.stringify({ id: 7, owner: 'Åse', tags: ['a', 'b'], note: '<b>x</b>' })
  expect(await answer(200, 'application/json', reply)).toEqual([
    'stored: a.txt: Stored as upload/a.txt\nAnswer: id: 7 · owner: Åse · tags: ["a","b"] · note: <b>x</b>',
  ])
})
