import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { join } from 'node:path'
import express from 'express'
import { expect, test } from 'vitest'
import { buildClient } from '../../app/client/build/build.ts'
import { type Demo, stop } from './demo.ts'
import { listen } from './listen.ts'
import { file, hash, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

/** Serves the built page from another origin, without a signing server, with a list of them. */
async function withStaticPage(run: (origin: string, list: ListServers) => Promise<void>) {
  let servers: string[] = []
  const html = await readFile(join(shared.clientDir, 'index.html'), 'utf8')
  const app = express()
  app.get('/', (_request, response) => {
    const meta = `<meta name="signing-servers" content="${servers.join(' ')}">`
    response.type('html').send(html.replace('<head>', `<head>${meta}`))
  })
  const server = createServer(app.use(express.static(shared.clientDir)))
  const port = await listen(server)
  try {
    await run(`http://elsewhere.example:${port}`, (...listed) => {
      servers = listed
    })
  } finally {
    await stop(server)
  }
}

type ListServers = (...servers: string[]) => void

const NOT_ACCEPTED = 'This page does not accept the signing server in its address (serverUrl).'

const signedBy = (demo: Demo) =>
  `Files go to ${new URL(demo.uploadHost).host} · signed by ${new URL(demo.address).host}`

test.each(['', '?serverUrl='])(
  'a page on another origin uses a signing server that it lists: /%s',
  async (search) => {
    await withStaticPage(async (origin, list) => {
      const demo = await shared.demo({ app: { corsOrigins: [origin] } })
      list(demo.address, 'https://other.example')
      const query = search === '' ? '' : `${search}${encodeURIComponent(demo.address)}`
      const page = await shared.open(`${origin}/${query}`)
      await page.getByText(signedBy(demo), { exact: true }).waitFor()
      await select(page, [file('far.txt', 'far')])
      await upload(page)
      expect(await results(page, 1)).toEqual(['stored: far.txt: Stored as upload/far.txt'])
      expect(await demo.stored()).toEqual({ 'upload/far.txt': hash('far') })
    })
  },
)

test('a page on another origin sends nothing to a server that it does not list', async () => {
  await withStaticPage(async (origin, list) => {
    const foreign = await shared.demo({ app: { corsOrigins: ['*'] } })
    list('https://upload.example')
    const requests: string[] = []
    const url = `${origin}/?serverUrl=${encodeURIComponent(foreign.address)}#code=open-sesame`
    const page = await shared.open(url, {}, async (page) => {
      page.on('request', (request) => requests.push(new URL(request.url()).origin))
    })
    await page.getByText(NOT_ACCEPTED).waitFor()
    await select(page, [file('a.txt', 'a')])
    await upload(page)
    await page.waitForTimeout(300)
    expect(new Set(requests)).toEqual(new Set([origin]))
    expect(await foreign.stored()).toEqual({})
  })
})

test('a build lists signing servers', async () => {
  const folder = join(shared.folder, 'listed')
  await buildClient(folder, ['https://upload.example/api', 'https://other.example'])
  expect(await readFile(join(folder, 'index.html'), 'utf8')).toContain(
    '<meta name="signing-servers" content="https://upload.example/api https://other.example">',
  )
})

test('a signing server that does not allow the page’s origin is reported', async () => {
  await withStaticPage(async (origin, list) => {
    const demo = await shared.demo({ app: { corsOrigins: ['http://another.example'] } })
    list(demo.address)
    const page = await shared.open(origin, { ignoreConsole: /CORS policy/ })
    await page.getByText('and that the server allows this page’s address (CORS_ORIGINS)').waitFor()
  })
})

test('a server without signatures is reported', async () => {
  await withStaticPage(async (origin) => {
    const page = await shared.open(origin)
    await select(page, [file('a.txt', 'a')])
    await upload(page)
    expect(await results(page, 1)).toEqual([
      'failed: a.txt: There is no signing server at this address. Check the page’s address, or the serverUrl in it.',
    ])
  })
})

test('a served page takes the server that serves it, whatever a link names', async () => {
  const demo = await shared.demo()
  const foreign = await shared.demo({ app: { corsOrigins: ['*'] } })
  const open = (serverUrl: string) =>
    shared.open(`${demo.address}/?serverUrl=${encodeURIComponent(serverUrl)}`)
  for (const serverUrl of [foreign.address, 'javascript:alert(1)']) {
    const page = await open(serverUrl)
    await page.getByText(NOT_ACCEPTED).waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(false)
  }
  const page = await open(demo.address)
  await page.getByText('Up to 5 GB each').waitFor()
})
