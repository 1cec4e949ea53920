#!/usr/bin/env node
import { randomBytes } from 'node:crypto'
import { closeOnSignal } from '@oss-direct-upload/process/close-on-signal'
import { runMain } from '@oss-direct-upload/process/usage-error'
import type { Logger } from 'pino'
import { loadConfig } from './config.ts'
import { createLogger } from './http/logger.ts'
import type { HttpsSettings } from './https/index.ts'
import { type ServerHttps, startServer } from './start-server.ts'

const HELP = `Usage: npm run server
       npx @oss-direct-upload/server

Serves the page and signs forms for a real bucket. Everything is set by environment variables;
docs/server.md has their table. OSS_BUCKET and OSS_REGION are required, and OSS_ACCESS_KEY_ID and
OSS_ACCESS_KEY_SECRET unless CREDENTIALS is instance-role.
SIGTERM and SIGINT stop it after pending requests are answered; a second one stops it at once.
`

async function main(): Promise<void> {
  if (process.argv.includes('--help')) {
    console.log(HELP)
    return
  }
  const { app, logLevel, instanceRole, https, ...address } = loadConfig(process.env)
  const log = createLogger(logLevel)
  const clientDir = app.clientDir ?? (await builtClient())
  const server = await startServer({
    ...app,
    ...address,
    ...(https ? { https: await openServerHttps(https, log) } : {}),
    // Behind a proxy, other processes may answer at the same address.
    ...(app.trustedProxies ? { instance: randomBytes(4).toString('hex') } : {}),
    clientDir,
    log,
  })
  instanceRole?.start((err) => log.warn({ err }, 'no credentials'))
  closeOnSignal(() => server.close())
  // Last: readers of this line may send a signal at once.
  const secure = https ? `, and on port ${server.httpsPort} for https as ${https.name}` : ''
  console.log(`Listening on port ${server.port}, signing for ${app.signing.uploadHost}${secure}`)
}

// Imported on demand: the ACME client is larger than the rest of the server.
async function openServerHttps(settings: HttpsSettings, log: Logger): Promise<ServerHttps> {
  const { openHttps } = await import('./https/open-https.ts')
  return { port: settings.port, manager: await openHttps(settings, log) }
}

// Imported on demand: a server with a built page needs no build tools.
async function builtClient(): Promise<string> {
  const { buildClient } = await import('@oss-direct-upload/page-build')
  return buildClient()
}

await runMain(main)
