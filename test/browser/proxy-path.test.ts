import { createServer, request, type Server } from 'node:http'
import { afterEach, expect, test } from 'vitest'
import { stop, storedPath } from './demo.ts'
import { listen } from './listen.ts'
import { file, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
const proxies: Server[] = []

afterEach(async () => {
  await Promise.all(proxies.splice(0).map(stop))
})

/**
 * Starts a reverse proxy that serves a server below `/files/` and answers all else by an HTML page.
 *
 * @param passes Returns whether it passes a path on @default every path
 * @returns The page's address
 */
async function proxy(local: string, passes = (_path: string) => true): Promise<string> {
  const server = createServer((incoming, response) => {
    const path = /^\/files(\/.*)/.exec(incoming.url ?? '')?.[1]
    if (path === undefined || !passes(path)) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>Not Found</h1>')
      return
    }
    const { method, headers } = incoming
    const outgoing = request(`${local}${path}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(response)
    })
    outgoing.on('error', () => response.destroy())
    incoming.pipe(outgoing)
  })
  proxies.push(server)
  return `http://demo.example:${await listen(server)}/files/`
}

test('the page signs and uploads below the path of a reverse proxy', async () => {
  const demo = await shared.demo({ signing: { maxSize: 1000 } })
  const page = await shared.open(await proxy(demo.local))
  await page.getByText('Up to 1,000 bytes each').waitFor()
  await select(page, [file('a.txt', 'one'), file('b.txt', 'two')])
  await upload(page)
  expect((await results(page, 2)).sort()).toEqual([
    'stored: a.txt: Stored as upload/a.txt',
    'stored: b.txt: Stored as upload/b.txt',
  ])
  expect(Object.keys(await demo.stored())).toEqual(
    ['a.txt', 'b.txt'].map((name) => storedPath(`upload/${name}`)),
  )
})

test('the page says so when there is no signing server at its path', async () => {
  const demo = await shared.demo()
  const page = await shared.open(
    await proxy(demo.local, (path) => !/^\/(signature|config)/.test(path)),
  )
  await select(page, [file('a.txt', 'one')])
  await upload(page)
  expect(await results(page, 1)).toEqual([
    'failed: a.txt: There is no signing server at this address. Check the page’s address, or the serverUrl in it.',
  ])
  expect(await demo.stored()).toEqual({})
})
