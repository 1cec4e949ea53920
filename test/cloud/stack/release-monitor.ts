import { request } from 'node:http'
import type { SimulatedCloud } from 'simulated-cloud'

/** A response; its status is 0 when there was none. */
export interface PageResponse {
  status: number
  text: string
}

/** Fetches a page by HTTP, through the cloud's proxy. */
export function fetchPage(cloud: SimulatedCloud, url: string): Promise<PageResponse> {
  return new Promise((resolve) => {
    const { host } = new URL(url)
    const to = { host: '127.0.0.1', port: cloud.proxyPort, path: url, headers: { host } }
    const call = request({ ...to, agent: false }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }))
      response.on('error', () => resolve({ status: 0, text }))
    })
    call.on('error', (error) => resolve({ status: 0, text: error.message }))
    call.end()
  })
}

/** Requests the health of a page continuously. */
export interface ReleaseMonitor {
  /** Stops. @returns The releases in the order in which they answered, and all failed responses */
  stop(): Promise<{ releases: string[]; failures: PageResponse[]; requests: number }>
}

const INTERVAL_MS = 20

/** Starts a monitor. */
export function monitorReleases(cloud: SimulatedCloud, url: string): ReleaseMonitor {
  const releases: string[] = []
  const failures: PageResponse[] = []
  let requests = 0
  let stopped = false
  const run = async (): Promise<void> => {
    while (!stopped) {
      const answer = await fetchPage(cloud, `${url}/healthz`)
      requests += 1
      const { release } = (answer.status === 200 ? JSON.parse(answer.text) : {}) as {
        release?: string
      }
      if (release === undefined) failures.push(answer)
      else if (releases.at(-1) !== release) releases.push(release)
      await new Promise((resolve) => setTimeout(resolve, INTERVAL_MS))
    }
  }
  const running = run()
  return {
    async stop() {
      stopped = true
      await running
      return { releases, failures, requests }
    },
  }
}
