import { request } from 'node:http'
import type { SimulatedCloud } from '../control-plane/simulated-cloud.ts'

/** An answer as a browser gets it; status 0 for none. */
export interface Visit {
  status: number
  text: string
}

/** Fetches a page by http, through the cloud's proxy. */
export function visit(cloud: SimulatedCloud, url: string): Promise<Visit> {
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

/** Somebody who comes again and again. */
export interface Visitor {
  /** Stops. @returns The releases that have answered, one after the other, and what else has */
  stop(): Promise<{ releases: string[]; failures: Visit[]; visits: number }>
}

const PAUSE_MS = 20

/** Begins to ask for the health of a page, again and again. */
export function comeAgain(cloud: SimulatedCloud, url: string): Visitor {
  const releases: string[] = []
  const failures: Visit[] = []
  let visits = 0
  let stopped = false
  const round = async (): Promise<void> => {
    while (!stopped) {
      const answer = await visit(cloud, `${url}/healthz`)
      visits += 1
      const { release } = (answer.status === 200 ? JSON.parse(answer.text) : {}) as {
        release?: string
      }
      if (release === undefined) failures.push(answer)
      else if (releases.at(-1) !== release) releases.push(release)
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
    }
  }
  const running = round()
  return {
    async stop() {
      stopped = true
      await running
      return { releases, failures, visits }
    },
  }
}
