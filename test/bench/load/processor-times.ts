import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { median } from '../statistics.ts'
import type { RunningStore } from '../stores/store.ts'
import type { TimedUpload } from './timed-upload.ts'

// Linux reports it in hundredths of a second on all machines (USER_HZ).
const TICKS_PER_SECOND = 100

/** Seconds of processor time of all threads. */
export interface ProcessorTime {
  /** All processes of Chromium. */
  browser: number
  /** Its network process. */
  network: number
  server: number
  /** Ended child processes of this process: curl. */
  programs: number
}

/** Measures the processor time of uploads in browser, server and curl. Linux only. */
export class ProcessorTimes {
  readonly #browser: Browser
  readonly #server: RunningStore
  readonly #spent = new Map<string, ProcessorTime[]>()

  constructor(browser: Browser, server: RunningStore) {
    this.#browser = browser
    this.#server = server
  }

  /** Returns the same upload, with its processor time recorded. */
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

  /** Returns the medians of a watched upload. */
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

// Fields 14 to 17 of /proc/pid/stat, see proc(5); the second one, a name, may contain spaces.
async function statOf(pid: number | undefined): Promise<{ own: number; children: number }> {
  const line = await readFile(`/proc/${pid}/stat`, 'utf8')
  const fields = line.slice(line.lastIndexOf(')') + 2).split(' ')
  const seconds = (number: number): number => Number(fields[number - 3]) / TICKS_PER_SECOND
  return { own: seconds(14) + seconds(15), children: seconds(16) + seconds(17) }
}
