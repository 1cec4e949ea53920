import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from 'vitest'
import { type EmbeddedOss, startEmbeddedOss } from '../../../app/oss/index.ts'
import { SECRET } from './app-server.ts'

/** The bucket that the tests' signing options name, in an embedded OSS of its own for each test. */
export interface EmbeddedBucket {
  oss: EmbeddedOss
  /** Origin that forms are posted to. */
  address: string
  /** Keys of the objects that were stored. */
  stored: string[]
}

/** Starts the bucket before each test of the calling suite, and removes it afterwards. */
export function embeddedBucket(): EmbeddedBucket {
  const bucket = {} as EmbeddedBucket
  let root = ''
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'bucket-'))
    bucket.stored = []
    bucket.oss = await startEmbeddedOss({
      dir: root,
      keys: [{ accessKeyId: 'LTAI', accessKeySecret: SECRET }],
      buckets: [{ name: 'photos' }],
      bucketOfAddress: 'photos',
      onObject: ({ key }) => void bucket.stored.push(key),
    })
    bucket.address = `http://127.0.0.1:${bucket.oss.port}`
  })
  afterEach(async () => {
    await bucket.oss.close()
    await rm(root, { recursive: true })
  })
  return bucket
}

/**
 * Posts a form with a file.
 *
 * @returns The status; 0 when the embedded OSS refuses before it has read the whole form
 */
export async function postForm(
  address: string,
  fields: Record<string, string>,
  file = new File(['content'], 'photo.jpg', { type: 'image/jpeg' }),
): Promise<number> {
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  body.append('file', file)
  return fetch(address, { method: 'POST', body, redirect: 'manual' }).then(
    ({ status }) => status,
    () => 0,
  )
}
