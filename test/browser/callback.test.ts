import { expect, test } from 'vitest'
import type { UploadedEvent } from '../../app/server/callback/body.ts'
import { file, hash, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

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

test('a file whose callback failed is stored, with a warning', async () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
<Error><Code>CallbackFailed</Code><Message>Error status : 502.</Message>
<RequestId>65A0B1C2D3E4F50617283940</RequestId><HostId>b</HostId><EC>0007-00000203</EC></Error>`
  expect(await answer(203, 'application/xml', xml)).toEqual([
    'callbackFailed: a.txt: Stored as upload/a.txt, but the callback failed: Error status : 502. (EC 0007-00000203, request 65A0B1C2D3E4F50617283940)',
  ])
})

test('the response to the callback is shown', async () => {
  const reply = JSON.stringify({ id: 7, owner: 'Åse', tags: ['a', 'b'], note: '<b>x</b>' })
  expect(await answer(200, 'application/json', reply)).toEqual([
    'stored: a.txt: Stored as upload/a.txt\nResponse: id: 7 · owner: Åse · tags: ["a","b"] · note: <b>x</b>',
  ])
})

test('the application’s response to a callback reaches the page', async () => {
  const events: UploadedEvent[] = []
  const demo = await shared.demo({
    onUploaded: (event) => {
      events.push(event)
      return { id: events.length, bytes: event.size }
    },
  })
  const page = await shared.open(demo.address)
  await select(page, [file('照片.txt', 'hello', 'text/plain')])
  await upload(page)
  expect(await results(page, 1)).toEqual([
    'stored: 照片.txt: Stored as upload/照片.txt\nResponse: id: 1 · bytes: 5',
  ])
  expect(events.map(({ object, size, mimeType }) => [object, size, mimeType])).toEqual([
    ['upload/照片.txt', 5, 'text/plain'],
  ])
})

test('a failing application does not lose the file', async () => {
  const failed: unknown[] = []
  const demo = await shared.demo({
    onUploaded: () => Promise.reject(new Error('the database is away')),
    app: { report: (error) => failed.push(error) },
  })
  const page = await shared.open(demo.address)
  await select(page, [file('a.txt', 'kept')])
  await upload(page)
  expect((await results(page, 1))[0]).toMatch(
    /^callbackFailed: a\.txt: Stored as upload\/a\.txt, but the callback failed: Error status : 500\. \(EC 0007-00000203, request [0-9A-F]{24}\)$/,
  )
  expect(failed).toEqual([new Error('the database is away')])
  expect(await demo.stored()).toEqual({ 'upload/a.txt': hash('kept') })
})
