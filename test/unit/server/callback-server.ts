import type { UploadedEvent } from '../../../app/server/callback/body.ts'
import type { AppOptions } from '../../../app/server/create-app.ts'
import type { SigningOptions } from '../../../app/server/signing-options.ts'
import { serveApp } from './app-server.ts'
import { filledBody, PUBLIC_KEY } from './callback-sender.ts'

/** What the callbacks tell of their object. */
export const values = {
  bucket: 'photos',
  object: 'upload/a.png',
  etag: 'E1',
  size: 7,
  mimeType: 'image/png',
}
let ids = 0

/** A server, and the body that OSS would send once an object signed for there is stored. */
export async function callbackServer(
  change: Partial<SigningOptions> = {},
  app: Omit<AppOptions, 'signing'> = {},
) {
  const events: UploadedEvent[] = []
  const origin = await serveApp(
    {
      callbackUrl: 'https://app.example/callback',
      naming: 'keep',
      fetchPublicKey: async () => PUBLIC_KEY,
      onUploaded: (event) => void events.push(event),
      ...change,
    },
    app,
  )
  const form = async (query: string): Promise<string> =>
    (await (await fetch(`${origin}/signature${query}`)).json()).callback
  const body = async (
    replace: Record<string, string | number> = {},
    query = '?name=a.png&size=7',
  ) => filledBody(await form(query), { ...values, reqId: `REQ${++ids}`, ...replace })
  return { origin, events, form, body }
}
