import { createHash } from 'node:crypto'
import type { SimulatedCloud } from 'simulated-cloud'
import { presignUrl } from '../../../app/signing/index.ts'
import { requestCloud } from '../stack/cloud-client.ts'
import { REGION } from './booted-cloud.ts'

/** Reads a bucket with the deployer's key. @returns SHA-256 of each object by key */
export async function storedObjects(
  cloud: SimulatedCloud,
  bucket: string,
): Promise<Record<string, string>> {
  const { store } = await cloud.storage.region(REGION)
  const { objects } = store.find(bucket) ?? {}
  if (!objects) throw new Error(`There is no bucket ${bucket}`)
  const keys: string[] = []
  for (let startAfter: string | undefined = ''; startAfter !== undefined; ) {
    const page = await objects.list({ max: 1000, startAfter })
    keys.push(...page.objects.map(({ key }) => key))
    startAfter = page.next
  }
  const found: Record<string, string> = {}
  for (const key of keys) {
    const url = presignUrl({
      credentials: cloud.deployer,
      region: REGION,
      bucket,
      key,
      method: 'GET',
      endpoint: `https://${bucket}.oss-${REGION}.aliyuncs.com`,
      now: new Date(),
      expiresInSeconds: 60,
    })
    const { status, bytes } = await requestCloud(cloud, url)
    if (status !== 200) throw new Error(`${key} cannot be read: ${status}`)
    found[key] = createHash('sha256').update(bytes).digest('hex')
  }
  return found
}
