import type { Browser, CDPSession, Page } from 'playwright-core'
import type { Load } from './cases.ts'
import { type Counted, countStored } from './count-stored.ts'

const SAMPLE_MS = 250

/** What the page had done at some time of an upload. */
interface Sample {
  /** Processor time of the page's main thread since it was opened. */
  mainThreadMs: number
  stored: number
}

/** Figures of one upload. */
export interface UploadRun {
  seconds: number
  /** Processor time of the page's main thread for a file, from the selection to the end. */
  mainThreadMs: number
  /** The same from 10 to 30 % of the files, and from 70 to 90 %. */
  firstMs: number
  lastMs: number
}

/** How a page is driven. */
export interface PageDriver {
  url: string
  /** Runs in the page when the files are in its file input, until the upload can be started. */
  select(page: Page, paths: string[]): Promise<void>
  /** Runs in the page: starts the upload. */
  start: () => void
}

/**
 * Uploads files by a page in a browser profile of its own.
 *
 * @param bucket Origin of the bucket
 * @throws Error when the bucket refuses a request, or nothing is stored for long
 */
export async function runUpload(
  browser: Browser,
  driver: PageDriver,
  bucket: string,
  { files }: Load,
  paths: string[],
  timeoutMs: number,
): Promise<UploadRun> {
  const context = await browser.newContext()
  try {
    const page = await context.newPage()
    const pageErrors: string[] = []
    page.on('pageerror', ({ message }) => pageErrors.push(message))
    await page.addInitScript(countStored, bucket)
    await page.goto(driver.url, { waitUntil: 'networkidle' })
    const session = await context.newCDPSession(page)
    await session.send('Performance.enable', { timeDomain: 'threadTicks' })
    const opened = await mainThreadMs(session)
    await driver.select(page, paths)
    const startedMs = (await page.evaluate(`(${startUpload})(${driver.start})`)) as number
    const samples: Sample[] = []
    const deadline = Date.now() + timeoutMs
    for (let stored = 0; stored < files; stored = samples.at(-1)?.stored ?? 0) {
      await new Promise((resolve) => setTimeout(resolve, SAMPLE_MS))
      const failures = await evaluate<string[]>(session, 'counted.failures')
      const [failure] = [...failures, ...pageErrors]
      if (failure !== undefined) throw new Error(`The upload has failed: ${failure}`)
      if (Date.now() > deadline) throw new Error(`Only ${stored} of ${files} files were stored`)
      samples.push({
        mainThreadMs: (await mainThreadMs(session)) - opened,
        stored: await evaluate<number>(session, 'counted.storedMs.length'),
      })
    }
    const { storedMs } = await evaluate<Counted>(session, 'counted')
    const ended = (await mainThreadMs(session)) - opened
    return {
      seconds: ((storedMs[files - 1] ?? Number.NaN) - startedMs) / 1000,
      mainThreadMs: ended / files,
      firstMs: costBetween(samples, files * 0.1, files * 0.3),
      lastMs: costBetween(samples, files * 0.7, files * 0.9),
    }
  } finally {
    await context.close()
  }
}

function startUpload(start: () => void): number {
  const startedMs = performance.now()
  start()
  return startedMs
}

async function mainThreadMs(session: CDPSession): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  const seconds = metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN
  return seconds * 1000
}

async function evaluate<T>(session: CDPSession, expression: string): Promise<T> {
  const { result } = await session.send('Runtime.evaluate', { expression, returnByValue: true })
  return result.value as T
}

/** Returns the processor time of a file between two counts of stored files. */
function costBetween(samples: readonly Sample[], from: number, to: number): number {
  const first = samples.find(({ stored }) => stored >= from)
  const last = samples.findLast(({ stored }) => stored <= to)
  if (first === undefined || last === undefined || last.stored <= first.stored) return Number.NaN
  return (last.mainThreadMs - first.mainThreadMs) / (last.stored - first.stored)
}
