import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { attemptCommand, type CommandOptions, type CommandResult } from '../machine/command.ts'

/** Result of continuous uploads. */
export interface UploadLoopResult {
  /** SHA-256 of each stored file by key. */
  stored: Record<string, string>
  failures: string[]
  /** Ids of the access keys in the signatures. */
  keyIds: string[]
}

/** A client on the internet, with the programs of this host. */
export class Visitor {
  readonly #namespace: string

  /** @param namespace Network namespace of the client */
  constructor(namespace: string) {
    this.#namespace = namespace
  }

  /** Runs a program in the visitor's namespace. */
  run(command: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandResult> {
    return attemptCommand('ip', ['netns', 'exec', this.#namespace, ...command], options)
  }

  /** Requests a page with curl. @param args More arguments @returns Its body, or `exit N` if curl fails */
  async get(url: string, ...args: string[]): Promise<string> {
    const options = ['--silent', '--max-time', '5', ...args, url]
    const { code, stdout } = await this.run(['curl', ...options])
    return code === 0 ? stdout : `exit ${code}`
  }

  /** Requests a page with curl. @returns Status code, `000` without a response */
  async status(url: string, ...args: string[]): Promise<string> {
    const format = ['--output', '/dev/null', '--write-out', '%{http_code}']
    return (await this.run(['curl', '--silent', '--max-time', '5', ...format, ...args, url])).stdout
  }

  /** Requests a page until it answers, for up to two minutes. */
  async waitForAnswer(url: string): Promise<string> {
    const deadline = Date.now() + 120_000
    for (;;) {
      const answer = await this.get(url, '--fail')
      if (!answer.startsWith('exit ') || Date.now() > deadline) return answer
      await sleep(100)
    }
  }

  /**
   * Uploads files continuously.
   *
   * @param certificateFile PEM file of the authority of the bucket's certificate
   */
  async uploadContinuously(
    address: string,
    seconds: number,
    certificateFile: string,
  ): Promise<UploadLoopResult> {
    const program = fileURLToPath(new URL('./upload-loop.ts', import.meta.url))
    const { code, stdout, stderr } = await this.run(
      [process.execPath, program, address, String(seconds)],
      { env: { NODE_EXTRA_CA_CERTS: certificateFile }, timeoutMs: (seconds + 60) * 1000 },
    )
    if (code !== 0) throw new Error(`The upload loop failed: ${stderr}`)
    return JSON.parse(stdout) as UploadLoopResult
  }

  /**
   * Requests the health by HTTP and by HTTPS, several times a second, until `end` is called.
   *
   * @param certificateFile PEM file of the trusted authorities
   * @returns `end` resolves with the longest time without an answer, in seconds
   */
  monitorOutages(
    address: string,
    certificateFile: string,
  ): { end(): Promise<Record<'http' | 'https', number>> } {
    const command = [...['netns', 'exec', this.#namespace], 'python3', '-c', MONITOR]
    const monitor = spawn('ip', [...command, address, certificateFile], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const output = text(monitor.stdout)
    return {
      end: async () => {
        monitor.stdin.end()
        return JSON.parse(await output) as Record<'http' | 'https', number>
      },
    }
  }

  /** Returns the open TCP ports of an address. */
  async openPorts(address: string): Promise<number[]> {
    const { stdout } = await this.run(['python3', '-c', SCAN, address], { timeoutMs: 300_000 })
    return JSON.parse(stdout) as number[]
  }
}

/** Connects to every port, 4096 at a time, and waits a second for each batch. */
const SCAN = `
import json, select, socket, sys, time
open_ports = []
for first in range(1, 65536, 4096):
    poll, waiting = select.poll(), {}
    for port in range(first, min(first + 4096, 65536)):
        attempt = socket.socket()
        attempt.setblocking(False)
        attempt.connect_ex((sys.argv[1], port))
        waiting[attempt.fileno()] = (attempt, port)
        poll.register(attempt, select.POLLOUT)
    end = time.monotonic() + 1
    while (left := end - time.monotonic()) > 0:
        for number, event in poll.poll(left * 1000):
            attempt, port = waiting[number]
            poll.unregister(number)
            if attempt.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                open_ports.append(port)
    for attempt, _ in waiting.values():
        attempt.close()
print(json.dumps(open_ports))
`

/** Prints the most seconds from one answer to the next, by HTTP and by HTTPS. */
const MONITOR = `
import json, ssl, sys, threading, time, urllib.request
address, certificates = sys.argv[1:]
over, gaps = threading.Event(), {}
context = ssl.create_default_context(cafile=certificates)
def watch(scheme):
    last, longest = time.monotonic(), 0
    while not over.is_set():
        try:
            url = f"{scheme}://{address}/healthz"
            urllib.request.urlopen(url, timeout=1, context=context).read()
            now = time.monotonic()
            longest, last = max(longest, now - last), now
        except OSError:
            pass
        time.sleep(0.2)
    gaps[scheme] = round(max(longest, time.monotonic() - last), 1)
threads = [threading.Thread(target=watch, args=[scheme]) for scheme in ("http", "https")]
for thread in threads:
    thread.start()
sys.stdin.read()
over.set()
for thread in threads:
    thread.join()
print(json.dumps(gaps))
`
