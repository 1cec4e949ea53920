import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { attemptCommand, type CommandOptions, type CommandResult } from '../machine/command.ts'

/** What came of going on uploading. */
export interface UploadingResult {
  /** SHA-256 by key. */
  stored: Record<string, string>
  failures: string[]
  /** Of the access keys that it was signed with. */
  keyIds: string[]
}

/** Somebody on the internet, who has the programs of this host. */
export class Visitor {
  readonly #namespace: string

  /** @param namespace Network namespace that the visitor is in */
  constructor(namespace: string) {
    this.#namespace = namespace
  }

  /** Runs a program where the visitor is. */
  run(command: readonly [string, ...string[]], options?: CommandOptions): Promise<CommandResult> {
    return attemptCommand('ip', ['netns', 'exec', this.#namespace, ...command], options)
  }

  /** Body of a page, or how curl failed: `exit 28` is no answer. @param args More for curl */
  async get(url: string, ...args: string[]): Promise<string> {
    const given = ['--silent', '--max-time', '5', ...args, url]
    const { code, stdout } = await this.run(['curl', ...given])
    return code === 0 ? stdout : `exit ${code}`
  }

  /** Status of an answer, `000` without one. */
  async status(url: string, ...args: string[]): Promise<string> {
    const told = ['--output', '/dev/null', '--write-out', '%{http_code}']
    return (await this.run(['curl', '--silent', '--max-time', '5', ...told, ...args, url])).stdout
  }

  /** Asks until there is an answer, for two minutes at most. */
  async untilAnswer(url: string): Promise<string> {
    const deadline = Date.now() + 120_000
    for (;;) {
      const answer = await this.get(url, '--fail')
      if (!answer.startsWith('exit ') || Date.now() > deadline) return answer
      await sleep(100)
    }
  }

  /**
   * Goes on uploading for some time, several at once.
   *
   * @param certificateFile PEM of the authority that the bucket's certificate is from
   */
  async goOnUploading(
    address: string,
    seconds: number,
    certificateFile: string,
  ): Promise<UploadingResult> {
    const program = fileURLToPath(new URL('./upload-loop.ts', import.meta.url))
    const { code, stdout, stderr } = await this.run(
      [process.execPath, program, address, String(seconds)],
      { env: { NODE_EXTRA_CA_CERTS: certificateFile }, timeoutMs: (seconds + 60) * 1000 },
    )
    if (code !== 0) throw new Error(`The uploading program failed: ${stderr}`)
    return JSON.parse(stdout) as UploadingResult
  }

  /**
   * Asks by http and by https, several times a second each, until `end` is called.
   *
   * @param certificateFile PEM of the authorities that are trusted
   */
  watchGaps(
    address: string,
    certificateFile: string,
  ): { end(): Promise<Record<'http' | 'https', number>> } {
    const command = [...['netns', 'exec', this.#namespace], 'python3', '-c', WATCH]
    const watching = spawn('ip', [...command, address, certificateFile], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    const said = text(watching.stdout)
    return {
      end: async () => {
        watching.stdin.end()
        return JSON.parse(await said) as Record<'http' | 'https', number>
      },
    }
  }

  /** TCP ports of an address that take a connection. */
  async openPorts(address: string): Promise<number[]> {
    const { stdout } = await this.run(['python3', '-c', SCAN, address], { timeoutMs: 300_000 })
    return JSON.parse(stdout) as number[]
  }
}

/** Knocks at every port, a few thousand at a time, and waits a second for each lot. */
const SCAN = `
import json, select, socket, sys, time
open_ports = []
for first in range(1, 65536, 4096):
    poll, waiting = select.poll(), {}
    for port in range(first, min(first + 4096, 65536)):
        knocking = socket.socket()
        knocking.setblocking(False)
        knocking.connect_ex((sys.argv[1], port))
        waiting[knocking.fileno()] = (knocking, port)
        poll.register(knocking, select.POLLOUT)
    end = time.monotonic() + 1
    while (left := end - time.monotonic()) > 0:
        for number, event in poll.poll(left * 1000):
            knocking, port = waiting[number]
            poll.unregister(number)
            if knocking.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == 0:
                open_ports.append(port)
    for knocking, _ in waiting.values():
        knocking.close()
print(json.dumps(open_ports))
`

/** Tells how many seconds passed at most from one answer to the next, by http and by https. */
const WATCH = `
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
