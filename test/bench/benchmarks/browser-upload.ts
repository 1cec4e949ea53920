import { execFile } from 'node:child_process'
import { mkdir, open } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { launchChromium } from '../../browser/chromium.ts'
import { type Benchmark, type Result, RivalError } from '../benchmark.ts'
import { interleave, median, ratioOf } from '../statistics.ts'
import { ours } from '../stores/ours.ts'
import type { RunningStore } from '../stores/store.ts'

const MIB = 1024 ** 2

/**
 * A form that a browser posts, beside the same form posted by curl. The page has nothing but the
 * form, so that the figure is what Chromium is able to do; the project's own page cannot do better.
 */
export const browserUpload: Benchmark = {
  name: 'browser-upload',
  async run(context) {
    const size = (context.quick ? 64 : 500) * MIB
    const line: Result = {
      name: 'browser-upload/curl',
      what: `bare page in Chromium, upload of ${size / MIB} MB`,
      against: 'curl posting the same form',
      goal: { atLeast: 0.9 },
    }
    const folder = join(context.folder, 'browser')
    await mkdir(folder, { recursive: true })
    const file = await randomFile(join(folder, 'file.bin'), size)
    const store = await ours.start(folder, context.report)
    const page = await blankPage()
    try {
      await curl(store, 'probe', file, size)
      const browser = await launchChromium()
      const tab = await browser.newPage()
      await tab.goto(`http://127.0.0.1:${page.port}`)
      await tab.locator('input').setInputFiles(file)
      let round = 0
      const inBrowser = async (): Promise<number> => {
        const fields = store.fields(`browser/${round++}`, size)
        return tab.evaluate(post, { url: store.url, fields })
      }
      await inBrowser()
      const withCurl = () => curl(store, `curl/${round++}`, file, size)
      context.report(line.what)
      const rounds = context.quick ? 2 : 5
      const figures = await interleave([inBrowser, withCurl], rounds, async (upload) => {
        await promisify(execFile)('sync')
        return size / (await upload())
      })
      await browser.close()
      const [mine, theirs] = [figures.get(inBrowser) ?? [], figures.get(withCurl) ?? []]
      const text = (all: readonly number[]) => `${(median(all) / MIB).toFixed(0)} MiB/s`
      return [{ ...line, ours: text(mine), theirs: text(theirs), ratio: ratioOf(mine, theirs) }]
    } catch (error) {
      if (!(error instanceof RivalError)) throw error
      return [{ ...line, missing: error.message }]
    } finally {
      page.close()
      await store.stop()
    }
  },
}

/** Runs in the page: as the page itself does, a FormData sent by XMLHttpRequest. Seconds. */
async function post({ url, fields }: { url: string; fields: [string, string][] }): Promise<number> {
  const form = new FormData()
  for (const [name, value] of fields) form.append(name, value)
  form.append('file', document.querySelector('input')?.files?.[0] as File)
  const began = performance.now()
  const status = await new Promise<number>((done) => {
    const request = new XMLHttpRequest()
    request.open('POST', url)
    request.upload.onprogress = () => {}
    request.onloadend = () => done(request.status)
    request.send(form)
  })
  if (status !== 200) throw new Error(`The upload is answered ${status}`)
  return (performance.now() - began) / 1000
}

async function curl(
  { url, fields }: RunningStore,
  key: string,
  file: string,
  size: number,
): Promise<number> {
  const form = fields(key, size).flatMap(([name, value]) => ['--form-string', `${name}=${value}`])
  const format = '%{http_code} %{time_total}'
  const args = ['-s', '-o', '/dev/null', '-w', format, ...form, '-F', `file=@${file}`, url]
  let said: string
  try {
    said = (await promisify(execFile)('curl', args)).stdout
  } catch (error) {
    throw new RivalError(`curl cannot be run: ${(error as Error).message}`, error)
  }
  const [status, seconds] = said.split(' ')
  if (status !== '200') throw new Error(`curl is answered ${status}`)
  return Number(seconds)
}

async function randomFile(path: string, size: number): Promise<string> {
  const file = await open(path, 'w')
  const chunk = Buffer.alloc(MIB, 'Bytes of a file. ')
  for (let left = size; left > 0; left -= MIB) await file.write(chunk)
  await file.close()
  return path
}

async function blankPage(): Promise<{ port: number; close(): void }> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><input type="file">')
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  return { port, close: () => void server.close() }
}
