import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { median } from '../statistics.ts'
import type { RunningStore } from '../stores/store.ts'
import type { TimedUpload } from './timed-upload.ts'

// Linux tells it in hundredths of a second, on whatever machine (USER_HZ).
const TICKS = 100

/** Seconds of processor time, of all threads. */
export interface ProcessorTime {
  /** All processes of Chromium's. */
  browser: number
  /** Of these the one that speaks to the network. */
  network: number
  server: number
  /** Programs that this process has started and that have ended: curl. */
  programs: number
}

/** What uploads cost a browser, a server and curl. Only Linux tells it of other processes. */
export class ProcessorTimes {
  readonly #browser: Browser
  readonly #server: RunningStore
  readonly #spent = new Map<string, ProcessorTime[]>()

  constructor(browser: Browser, server: RunningStore) {
    this.#browser = browser
    this.#server = server
  }

  /** The same upload, what it costs being noted under its `what`. */
  watch({ what, run }: TimedUpload): TimedUpload {
    const watched = async (): Promise<number> => {
      const before = await this.#now()
      const seconds = await run()
      const after = await this.#now()
      const spent = {
        browser: after.browser - before.browser,
        network: after.network - before.network,
        server: after.server - before.server,
        programs: after.programs - before.programs,
      }
      this.#spent.set(what, [...(this.#spent.get(what) ?? []), spent])
      return seconds
    }
    return { what, run: watched }
  }

  /** The medians of an upload that was watched. */
  of({ what }: TimedUpload): ProcessorTime {
    const all = this.#spent.get(what) ?? []
    return {
      browser: median(all.map(({ browser }) => browser)),
      network: median(all.map(({ network }) => network)),
      server: median(all.map(({ server }) => server)),
      programs: median(all.map(({ programs }) => programs)),
    }
  }

  async #now(): Promise<ProcessorTime> {
    const session = await this.#browser.newBrowserCDPSession()
    const { processInfo } = await session.send('SystemInfo.getProcessInfo')
    await session.detach()
    const seconds = (type?: string): number =>
      processInfo
        .filter((each) => type === undefined || each.type === type)
        .reduce((sum, { cpuTime }) => sum + cpuTime, 0)
    const [server, self] = [await statOf(this.#server.pid), await statOf(process.pid)]
    return {
      browser: seconds(),
      network: seconds('network.mojom.NetworkService'),
      server: server.own,
      programs: self.children,
    }
  }
}

// Fields 14 to 17 of proc(5)'s /proc/pid/stat; the second, a name, may have blanks in it.
async function statOf(pid: number | undefined): Promise<{ own: number; children: number }> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const seconds = (number: number): number => Number(fields[number - 3]) / TICKS
  return { own: seconds(14) + seconds(15), children: seconds(16) + seconds(17) }
}
