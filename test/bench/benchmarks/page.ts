import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser } from 'playwright-core'
import { buildClient } from '../../../app/client/build/build.ts'
import { launchChromium } from '../../browser/chromium.ts'
import { startDemo } from '../../browser/demo.ts'
import type { Benchmark, Context, Result } from '../benchmark.ts'

const CATEGORIES = ['performance', 'accessibility', 'best-practices'] as const

/** Measures the size of the page's first load, and its Lighthouse scores. */
export const page: Benchmark = {
  name: 'page',
  async run(context) {
    context.report('Building the page')
    const demo = await startDemo(await buildClient(join(context.folder, 'client')))
    try {
      const weight = await firstLoad(demo.local)
      return [...weight, ...(await lighthouseScores(demo.local, context))]
    } finally {
      await demo.close()
    }
  },
}

async function firstLoad(address: string): Promise<Result[]> {
  const browser = await launchChromium()
  try {
    const tab = await browser.newPage()
    const bodies: Promise<number>[] = []
    tab.on('response', (response) => {
      bodies.push(response.body().then((body) => gzipSync(body).length))
    })
    await tab.goto(address)
    await tab.waitForLoadState('networkidle')
    const sizes = await Promise.all(bodies)
    const kilobytes = sizes.reduce((sum, size) => sum + size, 0) / 1024
    return [
      {
        name: 'page/bytes',
        what: 'page, first load, compressed',
        against: '-',
        ours: `${kilobytes.toFixed(1)} KB in ${sizes.length} requests`,
        ratio: kilobytes,
        unit: 'KB',
        goal: { atMost: 100 },
      },
    ]
  } finally {
    await browser.close()
  }
}

async function lighthouseScores(address: string, context: Context): Promise<Result[]> {
  const line = (category: string): Result => ({
    name: `page/${category}`,
    what: `Lighthouse, ${category}`,
    against: '-',
    unit: 'of 100',
    goal: { atLeast: 100 },
  })
  let browser: Browser | undefined
  try {
    const { default: lighthouse } = await import('lighthouse')
    context.report('Running Lighthouse')
    const port = 9222 + (process.pid % 1000)
    browser = await launchChromium({}, [`--remote-debugging-port=${port}`])
    const flags = { port, onlyCategories: CATEGORIES, logLevel: 'error', output: 'json' }
    const categories = (await lighthouse(address, flags))?.lhr.categories ?? {}
    return CATEGORIES.map((name) => {
      const score = categories[name]?.score
      if (typeof score !== 'number') return { ...line(name), missing: 'Lighthouse gave no score' }
      return { ...line(name), ours: (score * 100).toFixed(0), ratio: score * 100 }
    })
  } catch (error) {
    const reason = (error as Error).message.split('\n')[0]
    return CATEGORIES.map((name) => ({ ...line(name), missing: `Lighthouse failed: ${reason}` }))
  } finally {
    await browser?.close()
  }
}
