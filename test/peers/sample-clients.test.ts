import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../app/oss/index.ts'
import { createApp } from '../../app/server/create-app.ts'

// The fields that the official sample pages send, in their order, from the answer of GET /signature.

const credentials = { accessKeyId: 'STS.1', accessKeySecret: 'secret', securityToken: 'token' }
const region = 'ap-southeast-1'
const bucket = 'photos'
let root: string
let oss: EmbeddedOss
const servers: Server[] = []

async function listen(server: Server): Promise<string> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function sign(version: 'v1' | 'v4', token: boolean): Promise<Record<string, string>> {
  const { securityToken: _, ...lasting } = credentials
  const key = token ? credentials : lasting
  const buckets = [{ name: bucket }]
  oss = await startEmbeddedOss({ dir: root, buckets, keys: [key], bucketOfAddress: bucket })
  const uploadHost = `http://127.0.0.1:${oss.port}`
  const signing = {
    credentials: key,
    bucket,
    region,
    uploadHost,
    version,
    maxSize: 100,
    generalForm: true,
  }
  const server = await listen(createServer(createApp({ signing })))
  return (await (await fetch(`${server}/signature`)).json()) as Record<string, string>
}

async function send(host: string, fields: [string, string | undefined][]): Promise<number> {
  const body = new FormData()
  for (const [name, value] of fields) if (value !== undefined) body.append(name, value)
  body.append('file', new File(['sample'], 'photo.jpg', { type: 'image/jpeg' }))
  return (await fetch(host, { method: 'POST', body })).status
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'sample-'))
})

afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  await oss.close()
  await rm(root, { recursive: true })
})

test('the V1 sample page', async () => {
  const signed = await sign('v1', false)
  const status = await send(String(signed.host), [
    ['name', 'photo.jpg'],
    ['key', `${signed.dir}\${filename}`],
    ['policy', signed.policy],
    ['OSSAccessKeyId', signed.accessid],
    ['success_action_status', '200'],
    ['callback', signed.callback],
    ['signature', signed.signature],
  ])
  expect(status).toBe(200)
  expect(await readFile(join(root, bucket, signed.dir ?? '', 'photo.jpg'), 'utf8')).toBe('sample')
})

test.each([true, false])('the V4 sample page, with a token: %s', async (token) => {
  const signed = await sign('v4', token)
  const status = await send(String(signed.host), [
    ['success_action_status', '200'],
    ['policy', signed.policy],
    ['x-oss-signature', signed.signature],
    ['x-oss-signature-version', signed.x_oss_signature_version],
    ['x-oss-credential', signed.x_oss_credential],
    ['x-oss-date', signed.x_oss_date],
    ['key', `${signed.dir}photo.jpg`],
    ['x-oss-security-token', signed.security_token],
  ])
  expect(status).toBe(200)
  expect(await readFile(join(root, bucket, signed.dir ?? '', 'photo.jpg'), 'utf8')).toBe('sample')
})
