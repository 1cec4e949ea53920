import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect } from 'vitest'
import { type AppOptions, createApp } from '../../../app/server/create-app.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'

/** A key that must never be found in a reply or a log. */
export const SECRET = 'top-secret'

/** The least that a signing server needs. */
export const signing: SigningOptions = {
  credentials: { accessKeyId: 'LTAI', accessKeySecret: SECRET },
  bucket: 'photos',
  region: 'ap-southeast-1',
  uploadHost: 'https://photos.oss-ap-southeast-1.aliyuncs.com',
}

/** What the servers of this test have reported as failures. */
export const reported: unknown[] = []
const servers: Server[] = []

/** Serves an application on a free port until the test ends; returns its origin. */
export async function serveApp(
  change: Partial<SigningOptions> = {},
  app: Omit<AppOptions, 'signing'> = {},
): Promise<string> {
  const report = (error: unknown): void => void reported.push(error)
  const server = createApp({ signing: { ...signing, ...change }, report, ...app }).listen(0)
  servers.push(server)
  await new Promise((resolve) => server.once('listening', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Status and `code: message` of a refusal whose id is the one in the header. */
export async function refusal(response: Response): Promise<[number, string]> {
  const body = (await response.json()) as { code: string; message: string; requestId: string }
  expect(Object.keys(body)).toEqual(['code', 'message', 'requestId'])
  expect(body.requestId).toBe(response.headers.get('x-request-id'))
  return [response.status, `${body.code}: ${body.message}`]
}

afterEach(async () => {
  reported.length = 0
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
