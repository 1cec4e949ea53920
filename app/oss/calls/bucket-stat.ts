import type { Call, Reply } from '../call.ts'
import type { Bucket } from '../store/object-store.ts'
import { xml } from '../xml/render-xml.ts'
import { xmlReply } from './xml-reply.ts'

/** Element prefixes of the storage classes. */
const CLASSES: Record<string, string> = {
  Standard: 'Standard',
  IA: 'InfrequentAccess',
  Archive: 'Archive',
  ColdArchive: 'ColdArchive',
  DeepColdArchive: 'DeepColdArchive',
}

/** `GET /?stat`. Source: "GetBucketStat", Alibaba Cloud OSS documentation. */
export async function getBucketStat(call: Call, bucket: Bucket): Promise<Reply> {
  const classes = new Map(Object.keys(CLASSES).map((name) => [name, { bytes: 0, count: 0 }]))
  let startAfter: string | undefined
  do {
    const page = await bucket.objects.list({ max: 1000, ...(startAfter ? { startAfter } : {}) })
    for (const { size, storageClass } of page.objects) {
      const sum = classes.get(storageClass)
      if (!sum) continue
      sum.bytes += size
      sum.count += 1
    }
    startAfter = page.next
  } while (startAfter !== undefined)
  const sums = [...classes.values()]
  const uploads = await bucket.uploads.list()
  return xmlReply(
    xml('BucketStat', [
      xml('Storage', String(sums.reduce((total, { bytes }) => total + bytes, 0))),
      xml('ObjectCount', String(sums.reduce((total, { count }) => total + count, 0))),
      xml('MultipartUploadCount', String(uploads.length)),
      xml('LiveChannelCount', '0'),
      xml('LastModifiedTime', String(Math.floor(call.now.getTime() / 1000))),
      ...[...classes].flatMap(([name, { bytes, count }]) => [
        xml(`${CLASSES[name]}Storage`, String(bytes)),
        xml(`${CLASSES[name]}ObjectCount`, String(count)),
      ]),
    ]),
  )
}
