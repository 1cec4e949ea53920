import { createServer } from 'node:http'
import type { Browser } from 'playwright-core'
import { stop } from '../../browser/demo.ts'
import { listen } from '../../browser/listen.ts'
import type { RunningStore } from '../stores/store.ts'

/** A page with nothing but a file input, with a selected file. */
export interface BarePage {
  /** Posts a form with the file. @returns Seconds @throws Error when the status is not 200 */
  post(store: RunningStore, key: string): Promise<number>
  close(): Promise<void>
}

/** Opens the page and selects a file. @param size Of the file, in bytes */
export async function openBarePage(
  browser: Browser,
  file: string,
  size: number,
): Promise<BarePage> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html').end('<!doctype html><input type="file">')
  })
  const port = await listen(server)
  const tab = await browser.newPage()
  await tab.goto(`http://127.0.0.1:${port}`)
  await tab.locator('input').setInputFiles(file)
  return {
    post: ({ url, fields }, key) => tab.evaluate(post, { url, fields: fields(key, size) }),
    close: () => stop(server),
  }
}

// Runs in the page: sends a FormData by XMLHttpRequest, like the project's page.
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
  if (status !== 200) throw new Error(`The upload failed with status ${status}`)
  return (performance.now() - began) / 1000
}
