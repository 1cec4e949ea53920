import { expect, test } from 'vitest'
import type { BucketStore } from '../../../app/oss/store/bucket-store.ts'
import { requestOss } from './cloud-client.ts'
import { destroyCleanly, expectSuccess, setUpDeployment } from './deployment-setup.ts'

const REGION = 'ap-southeast-1'
const OBJECTS = 20_000

test('destroying a bucket with 20,000 objects and unfinished uploads reports its progress', async () => {
  const { cloud, project } = await setUpDeployment()
  expectSuccess(await project.up())
  const { OssBucketName: bucket = '' } = await project.outputs()
  const { store } = await cloud.storage.region(REGION)
  await fill(store.find(bucket)?.objects as BucketStore)
  const key = await project.accessKey()
  for (const name of ['upload/large 1', 'upload/large 2', 'upload/large 3']) {
    const query = { uploads: '' }
    expect(await requestOss(cloud, key, REGION, { bucket, key: name, method: 'POST', query })).toBe(
      '200',
    )
  }
  const { output } = await destroyCleanly(cloud, project)
  expect(output).toContain(`${bucket}: 10000 objects deleted`)
  expect(output).toContain(`${bucket}: ${OBJECTS} objects deleted`)
  expect(output).toContain(`${bucket}: 3 unfinished uploads aborted`)
})

/** Writes the objects to the bucket's store; requests would take too long. */
async function fill(objects: BucketStore): Promise<void> {
  const numbers = Array.from({ length: OBJECTS }, (_, i) => i).values()
  const put = async (): Promise<void> => {
    for (const i of numbers) {
      const staged = await objects.stage(one(Buffer.from(String(i))))
      await objects.put(`upload/${i}/photo ${i} & more.jpg`, staged, { headers: {} })
    }
  }
  await Promise.all(Array.from({ length: 16 }, put))
}

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes
}
