import { describe, expect, test } from 'vitest'
import type { SigningOptions } from '../../../app/server/signing-options.ts'
import { refusal, reported } from './app-server.ts'
import { PUBLIC_KEY, sendCallback, signedCallback } from './callback-sender.ts'
import { callbackServer } from './callback-server.ts'

describe('failures after verification', () => {
  test('a key that cannot be fetched at first', async () => {
    let up = false
    const down = new Error('no route')
    const fetchPublicKey = async () => (up ? PUBLIC_KEY : Promise.reject(down))
    const { origin, body } = await callbackServer({ fetchPublicKey })
    const callback = signedCallback(await body())
    expect(await refusal(await sendCallback(origin, callback))).toEqual([
      502,
      'CallbackKeyUnavailable: The public key of OSS cannot be fetched, so the callback cannot be verified',
    ])
    expect(reported.map((error) => (error as Error).cause)).toEqual([down])
    up = true
    expect((await sendCallback(origin, callback)).status).toBe(200)
  })

  test.each<[string, NonNullable<SigningOptions['onUploaded']>, unknown]>([
    ['throws', () => Promise.reject(new Error('database')), new Error('database')],
    ['returns text', () => 'ok', new TypeError('onUploaded must return an object or nothing')],
    [
      'returns too much',
      () => ({ text: 'x'.repeat(1024 * 1024) }),
      new TypeError('onUploaded must return at most 1048576 bytes of JSON'),
    ],
  ])('a hook that %s', async (_what, onUploaded, error) => {
    const { origin, body } = await callbackServer({ onUploaded })
    expect(await refusal(await sendCallback(origin, signedCallback(await body())))).toEqual([
      500,
      'InternalError: The server failed; the log has the details',
    ])
    expect(reported).toEqual([error])
  })

  test('a hook that is late and then fails', async () => {
    const slow = Promise.withResolvers<never>()
    const { origin, body } = await callbackServer({
      onUploaded: () => slow.promise,
      callbackTimeoutMs: 20,
    })
    expect(await refusal(await sendCallback(origin, signedCallback(await body())))).toEqual([
      504,
      'CallbackTooSlow: The upload is stored, but was not confirmed in time',
    ])
    slow.reject(new Error('late'))
    await new Promise((resolve) => setImmediate(resolve))
    expect(reported.slice(1)).toEqual([new Error('late')])
  })
})
