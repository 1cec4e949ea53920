import { expect, test } from 'vitest'
import { cachedCredentials } from '../../../../infra/identity/cached-credentials.ts'

const MINUTE_MS = 60_000

test('temporary credentials are renewed five minutes before they expire', async () => {
  let clock = 0
  let renewals = 0
  const until = (minutes: number) => ({
    accessKeyId: `ID${minutes}`,
    accessKeySecret: 'S',
    expiration: new Date(minutes * MINUTE_MS),
  })
  const renew = async () => {
    renewals += 1
    return until(120)
  }
  const credentials = cachedCredentials(until(60), renew, () => clock)
  expect((await credentials()).accessKeyId).toBe('ID60')
  clock = 55 * MINUTE_MS - 1
  expect((await credentials()).accessKeyId).toBe('ID60')
  clock += 1
  expect((await credentials()).accessKeyId).toBe('ID120')
  expect((await credentials()).accessKeyId).toBe('ID120')
  expect(renewals).toBe(1)
})

test('a key is never renewed', async () => {
  const key = { accessKeyId: 'ID', accessKeySecret: 'S' }
  const renew = () => Promise.reject(new Error('renewed'))
  expect(await cachedCredentials(key, renew)()).toBe(key)
})
