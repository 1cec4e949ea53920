import { createServer } from 'node:http'
import { buildClient } from '../client/build.ts'
import { ConfigError, loadConfig } from './config.ts'
import { createApp } from './create-app.ts'

const HELP = `Usage: npm run server

Serves the page and signs forms for a real bucket. Everything is set by environment variables; the
README has their table. OSS_ACCESS_KEY_ID, OSS_ACCESS_KEY_SECRET, OSS_BUCKET and OSS_REGION must be.
`

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(HELP)
    return
  }
  const { app, port } = loadConfig(process.env)
  const server = createServer(createApp({ ...app, clientDir: await buildClient() }))
  server.once('error', (error: NodeJS.ErrnoException) => {
    const taken = `Port ${port} is taken: set PORT to another`
    console.error(error.code === 'EADDRINUSE' ? taken : error)
    process.exit(1)
  })
  server.listen(port, () => {
    console.log(`Listening on port ${port}, signing for ${app.signing.uploadHost}`)
  })
  // Requests in flight are answered; idle connections end at once.
  const stop = (): void => void server.close()
  process.once('SIGINT', stop)
  process.once('SIGTERM', stop)
}

try {
  await main()
} catch (error) {
  console.error(error instanceof ConfigError ? error.message : error)
  process.exit(1)
}
