import { expect, test } from 'vitest'
import { securedCallbackUrl } from '../../../../app/server/callback/url.ts'
import { sendCallback, signedCallback } from '../callback-sender.ts'
import { callbackServer } from '../callback-server.ts'

test.each(['/callback', '/callback?from=oss'])(
  'signs both addresses of %s, and accepts a callback at either',
  async (path) => {
    const callbackUrl = securedCallbackUrl(`http://47.1.2.3${path}`, 'https://47.1.2.3')
    const { origin, events, form, body } = await callbackServer({ callbackUrl })
    const parameter = JSON.parse(
      Buffer.from(await form('?name=a.png&size=7'), 'base64').toString('utf8'),
    ) as object
    expect(parameter).toMatchObject({
      callbackUrl: `https://47.1.2.3${path};http://47.1.2.3${path}`,
    })
    expect(parameter).not.toHaveProperty('callbackSNI')
    const query = path.slice('/callback'.length)
    const response = await sendCallback(origin, signedCallback(await body(), { query }))
    expect([response.status, await response.text()]).toEqual([
      200,
      '{"status":"ok","object":"upload/a.png","size":7}',
    ])
    // A proxy has rewritten the path; OSS signs the path of the addresses.
    const moved = { ...signedCallback(await body(), { query }), target: '/callback?moved' }
    expect((await sendCallback(origin, moved)).status).toBe(200)
    expect(events).toHaveLength(2)
  },
)
