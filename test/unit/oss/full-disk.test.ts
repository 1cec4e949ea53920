import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { OWNER, useEmbeddedOss } from '../../embedded-oss.ts'
import { signedCall } from './signed-call.ts'

const disk = vi.hoisted(() => ({ code: '' }))

// Stands for a disk that is full or was mounted again read-only.
vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const guarded =
    <A extends unknown[], R>(work: (...args: A) => R) =>
    (...args: A): R => {
      if (disk.code !== '') throw Object.assign(new Error(disk.code), { code: disk.code })
      return work(...args)
    }
  return { ...fs, writevSync: guarded(fs.writevSync), writeFileSync: guarded(fs.writeFileSync) }
})

const failures: unknown[] = []
const server = useEmbeddedOss({
  now: () => new Date('2026-11-24T12:00:00Z'),
  onFailure: (error) => failures.push(error),
})

test.each(['ENOSPC', 'EROFS'])('a disk that fails with %s loses nothing', async (code) => {
  const call = (method: string, body = '') =>
    signedCall({
      port: server.port,
      region: 'ap-southeast-1',
      date: '20261124T120000Z',
      bucket: 'photos',
      key: 'a',
      as: OWNER,
      method,
      body,
    })
  expect((await call('PUT', 'before')).outcome).toBe('200')
  disk.code = code
  const { outcome, answer } = await call('PUT', 'after')
  expect(outcome).toBe('500 InternalError')
  expect(answer).toContain(`<ErrorDetail>${code}</ErrorDetail>`)
  expect((await call('GET')).answer).toBe('before')
  expect(await readdir(join(server.root, '.oss', 'staging', 'photos'))).toEqual([])
  disk.code = ''
  expect((await call('PUT', 'after')).outcome).toBe('200')
  expect((await call('GET')).answer).toBe('after')
  expect(failures.splice(0)).toHaveLength(1)
})
