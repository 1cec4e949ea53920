import type { Tab } from '../../browser/engines/tab.ts'
import { type ServerProcess, startServerProcess } from '../../browser/server-process.ts'
import { KEY, REGION } from '../stores/oss-form.ts'
import { BUCKET, type RunningStore } from '../stores/store.ts'

/** The project's page, served by its signing server. */
export interface OwnPage {
  /**
   * Reloads the page, selects the file and uploads it.
   *
   * @returns Seconds from the click on the button until the page shows the file as stored
   * @throws Error when the upload fails, or is not sent as a form or in parts as expected
   */
  upload(): Promise<number>
  close(): Promise<void>
}

/**
 * Starts the signing server as it is deployed, for the bucket of an embedded OSS.
 *
 * @param clientDir Folder of the built page
 * @param multipart `on` as in the demo, which uploads files from 100 MiB in parts
 */
export async function openOwnPage(
  tab: Tab,
  store: RunningStore,
  clientDir: string,
  file: string,
  multipart: 'on' | 'off',
): Promise<OwnPage> {
  const bucket = new URL(store.url).origin
  const server: ServerProcess = await startServerProcess({
    OSS_ACCESS_KEY_ID: KEY.accessKeyId,
    OSS_ACCESS_KEY_SECRET: KEY.accessKeySecret,
    OSS_BUCKET: BUCKET,
    OSS_REGION: REGION,
    UPLOAD_HOST: bucket,
    MULTIPART: multipart,
    CLIENT_DIR: clientDir,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
  })
  return {
    async upload() {
      // Before the page has its configuration it uploads everything as a form.
      await tab.goto(`http://127.0.0.1:${server.port}`)
      await tab.locator('#limits', { hasText: 'Up to' }).waitFor()
      await tab.locator('#select-files + input').setInputFiles([file])
      await tab.locator('#start').waitFor()
      const { seconds, requests } = await tab.evaluate(pressUpload, bucket)
      if ((requests === 1) !== (multipart === 'off')) {
        throw new Error(`The page has sent the file in ${requests} requests`)
      }
      return seconds
    },
    async close() {
      await server.kill()
    },
  }
}

// Runs in the page. Also counts the requests to the bucket.
async function pressUpload(bucket: string): Promise<{ seconds: number; requests: number }> {
  const list = document.querySelector('#results') as HTMLElement
  const began = performance.now()
  document.querySelector<HTMLElement>('#start')?.click()
  const text = await new Promise<string>((done) => {
    const check = (): void => {
      const item = list.querySelector<HTMLElement>('li')
      const state = item?.dataset.state ?? ''
      if (state === 'stored') done('')
      else if (state === 'failed') done(item?.textContent ?? state)
    }
    new MutationObserver(check).observe(list, {
      ...{ subtree: true, childList: true },
      ...{ attributes: true, attributeFilter: ['data-state'] },
    })
  })
  const seconds = (performance.now() - began) / 1000
  if (text !== '') throw new Error(`The upload failed: ${text}`)
  const requests = performance.getEntriesByType('resource').filter(({ name }) => {
    return name.startsWith(bucket)
  }).length
  return { seconds, requests }
}
