import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { listen } from '../../../app/process/listen.ts'

const CONNECTIONS = 1000

/** Opens connections to a port; prints how many are open once all are, or after 5 seconds. */
const CLIENTS = `
const [port, count] = process.argv.slice(1).map(Number)
const { connect } = require('node:net')
let open = 0
const print = () => process.stdout.write(String(open), () => process.exit())
setTimeout(print, 5000)
for (let n = 0; n < count; n += 1) {
  connect(port, '127.0.0.1', () => ++open === count && print()).on('error', () => {})
}
`

// Other systems have lower limits.
test.runIf(process.platform === 'linux' && systemLimit() >= CONNECTIONS)(
  '1000 clients can connect at once while the event loop is blocked',
  async () => {
    const server = createServer()
    const port = await listen(server, 0, '127.0.0.1')
    // Blocks the event loop, so that no connection is accepted.
    const args = ['-e', CLIENTS, String(port), String(CONNECTIONS)]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('1000')
    server.close()
    await once(server, 'close')
  },
)

function systemLimit(): number {
  return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
}
