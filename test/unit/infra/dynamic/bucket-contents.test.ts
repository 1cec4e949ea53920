import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startEmbeddedOss } from '../../../../app/oss/index.ts'
import { presignUrl } from '../../../../app/signing/index.ts'
import { runProgram } from './run-program.ts'

test('the contents of a bucket are deleted by the functions in the state, of this and of an earlier version', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bucket-contents-'))
  const credentials = { accessKeyId: 'ID', accessKeySecret: 'SECRET' }
  const oss = await startEmbeddedOss({
    dir,
    keys: [credentials],
    buckets: [{ name: 'photos' }],
    bucketOfAddress: 'photos',
  })
  const endpoint = `http://127.0.0.1:${oss.port}`
  const upload = presignUrl({
    credentials,
    bucket: 'photos',
    region: 'ap-southeast-1',
    endpoint,
    method: 'PUT',
    key: 'upload/a',
    now: new Date(),
    expiresInSeconds: 600,
  })
  try {
    const result = await runProgram('bucket-contents-run.ts', [endpoint, upload], {
      ALICLOUD_ACCESS_KEY: 'ID',
      ALICLOUD_SECRET_KEY: 'SECRET',
    })
    expect(result).toEqual({
      type: 'pulumi-nodejs:dynamic:BucketContents',
      name: 'contents',
      inputs: { bucket: 'photos', region: 'ap-southeast-1' },
      options: {},
      differences: {
        upgraded: { changes: true, replaces: [] },
        upgradedFromPath: { changes: true, replaces: [] },
        unchanged: { changes: false, replaces: [] },
        renamed: { changes: true, replaces: ['bucket'] },
      },
      updated: true,
      deletedByCurrent: ['photos: 1 objects deleted'],
      deletedByEarlier: ['photos: 1 objects deleted'],
      deletedWithPath: ['photos: 1 objects deleted'],
      deletedWithoutPackage: [
        'photos: the package @oss-direct-upload/infra is missing, which empties this bucket. ' +
          'Run "npm install", then "pulumi destroy" again',
      ],
      hasPath: false,
    })
  } finally {
    await oss.close()
    await rm(dir, { recursive: true })
  }
})
