import { mkdir, open } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { buildClientIfChanged } from '../../../app/client/build/cached-build.ts'
import { launchChromium } from '../../browser/chromium.ts'
import { type Benchmark, type Context, type Result, RivalError } from '../benchmark.ts'
import { openBarePage } from '../load/bare-page.ts'
import { postByCurl } from '../load/curl-form.ts'
import { openOwnPage } from '../load/own-page.ts'
import { ProcessorTimes } from '../load/processor-times.ts'
import { speedRow, type TimedUpload, timeUploads } from '../load/timed-upload.ts'
import { ours } from '../stores/ours.ts'
import { removeLarge } from '../stores/remove-large.ts'
import { throwaway } from '../stores/throwaway.ts'

const MIB = 1024 ** 2
const GOAL = { atLeast: 0.9 }
const CURL = 'curl posting the same form'
const SKIPPED = 'Skipped by --quick, whose file of 64 MB is uploaded as a form'

/** Common to all uploads of a run. */
interface Setting {
  browser: Browser
  file: string
  bytes: number
  rounds: number
  context: Context
}

/**
 * Uploads a file in a browser and the same form by curl: with a page that has nothing but the form, which
 * is Chromium's limit, and with the project's page, as deployed and as in the demo. Also measures the
 * processor time of browser and server.
 */
export const browserUpload: Benchmark = {
  name: 'browser-upload',
  async run(context) {
    const bytes = (context.quick ? 64 : 500) * MIB
    const folder = join(context.folder, 'browser')
    await mkdir(folder, { recursive: true })
    const file = await writeFile(join(folder, 'file.bin'), bytes)
    const browser = await launchChromium()
    try {
      const setting = { browser, file, bytes, rounds: context.quick ? 2 : 5, context }
      return [...(await intoEmbeddedOss(setting)), await intoThrowaway(setting)]
    } catch (error) {
      if (!(error instanceof RivalError)) throw error
      const what = `bare page in Chromium, upload of ${bytes / MIB} MB`
      return [
        { name: 'browser-upload/curl', what, against: CURL, goal: GOAL, missing: error.message },
      ]
    } finally {
      await browser.close()
    }
  },
}

async function intoEmbeddedOss(setting: Setting): Promise<Result[]> {
  const { browser, file, bytes, rounds, context } = setting
  const size = `${bytes / MIB} MB`
  const folder = join(context.folder, 'browser-store')
  await mkdir(folder)
  const store = await ours.start(folder, context.report)
  const closing: (() => Promise<void>)[] = [() => store.stop()]
  try {
    const times = process.platform === 'linux' ? new ProcessorTimes(browser, store) : undefined
    const watched = (upload: TimedUpload): TimedUpload => times?.watch(upload) ?? upload
    let key = 0
    const curl = watched({ what: CURL, run: () => postByCurl(store, `curl/${key++}`, file, bytes) })
    const barePage = await openBarePage(browser, file, bytes)
    closing.push(barePage.close)
    const bare = watched({
      what: `bare page in Chromium, upload of ${size}`,
      run: () => barePage.post(store, `page/${key++}`),
    })
    const clientDir = await buildClientIfChanged()
    const own = async (what: string, multipart: 'on' | 'off'): Promise<TimedUpload> => {
      const tab = await browser.newPage()
      closing.push(() => tab.close())
      const page = await openOwnPage(tab, store, clientDir, file, multipart)
      closing.push(page.close)
      return watched({ what, run: () => page.upload() })
    }
    const ownForm = await own(`own page, ${size} in one form, click to stored`, 'off')
    const inParts = `own page, ${size} in parts as in the demo, click to stored`
    const ownParts = context.quick ? undefined : await own(inParts, 'on')
    const uploads = [curl, bare, ownForm, ...(ownParts ? [ownParts] : [])]
    const seconds = await timeUploads(uploads, rounds, context, () => removeLarge(folder))
    const row = (name: string, upload: TimedUpload): Result =>
      speedRow(`browser-upload/${name}`, upload, curl, seconds, bytes)
    const parts = 'own-page-parts'
    return [
      { ...row('curl', bare), goal: GOAL },
      { ...row('own-page', ownForm), goal: GOAL },
      ownParts
        ? row(parts, ownParts)
        : {
            name: `browser-upload/${parts}`,
            what: inParts,
            against: CURL,
            missing: SKIPPED,
          },
      ...(times ? processorRows(times, bare, curl) : []),
    ]
  } finally {
    for (const close of closing.reverse()) await close()
  }
}

/** Processor time of Chromium and the server for the bare page, compared to curl. */
function processorRows(times: ProcessorTimes, bare: TimedUpload, curl: TimedUpload): Result[] {
  const [page, other] = [times.of(bare), times.of(curl)]
  const network = `${page.network.toFixed(2)} s its network process`
  return [
    {
      name: 'browser-upload/processor-client',
      what: 'processor time of Chromium for the bare page',
      against: 'of curl',
      ours: `${page.browser.toFixed(2)} s, ${network}`,
      theirs: `${other.programs.toFixed(2)} s`,
      ratio: page.browser / other.programs,
    },
    {
      name: 'browser-upload/processor-server',
      what: 'processor time of the embedded OSS meanwhile',
      against: 'with curl',
      ours: `${page.server.toFixed(2)} s`,
      theirs: `${other.server.toFixed(2)} s`,
      ratio: page.server / other.server,
    },
  ]
}

/** The difference that remains when the server discards the bytes. */
async function intoThrowaway({ browser, file, bytes, rounds, context }: Setting): Promise<Result> {
  const store = await throwaway.start(context.folder, context.report)
  const page = await openBarePage(browser, file, bytes)
  try {
    const what = `bare page, ${bytes / MIB} MB into a server that discards them`
    const bare = { what, run: () => page.post(store, 'page') }
    const curl = { what: CURL, run: () => postByCurl(store, 'curl', file, bytes) }
    const seconds = await timeUploads([curl, bare], rounds, context)
    return speedRow('browser-upload/throwaway', bare, curl, seconds, bytes)
  } finally {
    await page.close()
    await store.stop()
  }
}

async function writeFile(path: string, size: number): Promise<string> {
  const file = await open(path, 'w')
  const chunk = Buffer.alloc(MIB, 'Bytes of a file. ')
  for (let left = size; left > 0; left -= MIB) await file.write(chunk)
  await file.close()
  return path
}
