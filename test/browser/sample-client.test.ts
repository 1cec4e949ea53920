import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { expect, test } from 'vitest'
import { listen, stop } from './demo.ts'
import { file, hash, visits } from './visit.ts'

const shared = visits()
const PAGES = fileURLToPath(new URL('./pages', import.meta.url))

test.each(['v1', 'v4'] as const)('a sample client works unchanged: %s', async (version) => {
  const server = createServer(express().use(express.static(PAGES)))
  const origin = `http://elsewhere.example:${await listen(server)}`
  try {
    const demo = await shared.demo({ signing: { version }, app: { corsOrigins: [origin] } })
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
