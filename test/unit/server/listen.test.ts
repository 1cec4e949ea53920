import { execFileSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { expect, test } from 'vitest'
import { listen } from '../../../app/process/listen.ts'

const AT_ONCE = 1000

/** Opens so many connections to a port and says how many there are, all or those within 5 seconds. */
const CLIENTS = `
const [port, count] = process.argv.slice(1).map(Number)
const { connect } = require('node:net')
let open = 0
const tell = () => process.stdout.write(String(open), () => process.exit())
setTimeout(tell, 5000)
for (let n = 0; n < count; n += 1) {
  connect(port, '127.0.0.1', () => ++open === count && tell()).on('error', () => {})
}
`

// Elsewhere the system grants fewer, whatever it is asked for.
test.runIf(process.platform === 'linux' && connectionsGranted() >= AT_ONCE)(
  'a thousand clients at once can connect while the server is busy',
  async () => {
    const server = createServer()
    const port = await listen(server, 0, '127.0.0.1')
    // Nothing is accepted while this waits.
    const args = ['-e', CLIENTS, String(port), String(AT_ONCE)]
    expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('1000')
    server.close()
    await once(server, 'close')
  },
)

function connectionsGranted(): number {
  return Number(readFileSync('/proc/sys/net/core/somaxconn', 'utf8'))
}
