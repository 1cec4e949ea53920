import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Benchmark } from '../benchmark.ts'
import { median } from '../statistics.ts'

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))

/** Measures the time from `npm start` to the page. */
export const start: Benchmark = {
  name: 'start',
  async run({ quick, folder, report }) {
    const [byNpm, byNode]: [number[], number[]] = [[], []]
    // The first, cold start is not counted.
    for (let round = 0; round <= (quick ? 2 : 7); round += 1) {
      report('Starting the demo')
      const args = ['--port', '0', '--oss-port', '0', '--dir', join(folder, `start-${round}`)]
      const npm = await untilServed('npm', ['start', '--', ...args])
      const node = await untilServed(process.execPath, ['app/demo/local.ts', ...args])
      if (round > 0) {
        byNpm.push(npm)
        byNode.push(node)
      }
    }
    const [npm, node] = [median(byNpm), median(byNode)]
    return [
      {
        name: 'start/npm',
        what: 'npm start, launch to page served, warm',
        against: 'node app/demo/local.ts without npm',
        ours: `${npm.toFixed(2)} s`,
        theirs: `${node.toFixed(2)} s`,
        ratio: npm,
        unit: 's',
        goal: { atMost: 1 },
      },
    ]
  },
}

/** Starts the demo. @returns Seconds until the page is served */
async function untilServed(command: string, args: readonly string[]): Promise<number> {
  const began = performance.now()
  // A process group, so that npm's child can be killed too.
  const child = spawn(command, [...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
  const ended = once(child, 'exit')
  try {
    let output = ''
    for await (const chunk of child.stdout) {
      output += chunk
      const address = /OssClientAddress: (\S+)/.exec(output)?.[1]
      if (address === undefined) continue
      const response = await fetch(address)
      const page = await response.text()
      if (!page.includes('<html')) throw new Error('The page is not served')
      return (performance.now() - began) / 1000
    }
    throw new Error(`npm start ended: ${output}`)
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL')
    await ended
  }
}
