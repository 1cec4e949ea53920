import { createServer } from 'node:http'
import express from 'express'
import { expect, test } from 'vitest'
import { type Demo, stop } from './demo.ts'
import { listen } from './listen.ts'
import { file, hash, results, select, upload } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()

// Serves the built page from another origin, without a signing server.
async function withStaticPage(run: (origin: string) => Promise<void>): Promise<void> {
  const server = createServer(express().use(express.static(shared.clientDir)))
  const port = await listen(server)
  try {
    await run(`http://elsewhere.example:${port}`)
  } finally {
    await stop(server)
  }
}

const signedBy = (demo: Demo) =>
  `Files go to ${new URL(demo.uploadHost).host} · signed by ${new URL(demo.address).host}`

test('a page on another origin uses the signing server in serverUrl', async () => {
  await withStaticPage(async (origin) => {
    const demo = await shared.demo({ app: { corsOrigins: [origin] } })
    const page = await shared.open(`${origin}/?serverUrl=${encodeURIComponent(demo.address)}`)
    await page.getByText(signedBy(demo), { exact: true }).waitFor()
    await select(page, [file('far.txt', 'far')])
    await upload(page)
    expect(await results(page, 1)).toEqual(['stored: far.txt: Stored as upload/far.txt'])
    expect(await demo.stored()).toEqual({ 'upload/far.txt': hash('far') })
  })
})

test('a signing server that does not allow the page’s origin is reported', async () => {
  await withStaticPage(async (origin) => {
    const demo = await shared.demo({ app: { corsOrigins: ['http://another.example'] } })
    const url = `${origin}/?serverUrl=${encodeURIComponent(demo.address)}`
    const page = await shared.open(url, { ignoreConsole: /CORS policy/ })
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

test.each(['javascript:alert(1)', 'not an address', 'ftp://demo.example'])(
  'serverUrl "%s" is invalid',
  async (serverUrl) => {
    const demo = await shared.demo()
    const page = await shared.open(`${demo.address}/?serverUrl=${encodeURIComponent(serverUrl)}`)
    await page
      .getByText('The serverUrl in this page’s address is not an http or https address.')
      .waitFor()
    expect(await page.getByRole('button', { name: 'Try again' }).isVisible()).toBe(false)
  },
)

test('a link cannot make the page send files to a foreign server', async () => {
  const demo = await shared.demo()
  const foreign = await shared.demo({ app: { corsOrigins: ['*'] } })
  const url = `${demo.address}/?serverUrl=${encodeURIComponent(foreign.address)}`
  const page = await shared.open(url, { ignoreConsole: /Content Security Policy/ })
  await page.getByText('The signing server does not respond.').waitFor()
  expect(await page.evaluate(() => window.violations?.splice(0))).toEqual([
    `connect-src ${foreign.address}/config.json`,
  ])
})
