import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { expect, test } from 'vitest'
import { stop } from './demo.ts'
import { listen } from './listen.ts'
import { file, hash } from './page-actions.ts'
import { pageFixture } from './page-fixture.ts'

const shared = pageFixture()
const PAGES = fileURLToPath(new URL('./pages', import.meta.url))

test.each(['v1', 'v4'] as const)('an unchanged sample client works: %s', async (version) => {
  const server = createServer(express().use(express.static(PAGES)))
  const origin = `http://elsewhere.example:${await listen(server)}`
  try {
    const demo = await shared.demo({
      signing: { version, generalForm: true },
      app: { corsOrigins: [origin] },
    })
    const serverUrl = encodeURIComponent(`${demo.address}/signature`)
    const page = await shared.open(`${origin}/sample-client.html?serverUrl=${serverUrl}`)
    await page.getByLabel('File').setInputFiles([file('photo 照.jpg', 'sample')])
    await page.waitForFunction(() => document.querySelector('#result')?.textContent !== '')
    expect(await page.locator('#result').textContent()).toBe('200')
    expect(Object.values(await demo.stored())).toEqual([hash('sample')])
  } finally {
    await stop(server)
  }
})
