import { Readable } from 'node:stream'
import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import { noSuchKey } from './get-object.ts'
import { checkObjectName } from './object-name.ts'
import { reportObject, requestAttributes, stageObject, storeObject } from './put-object.ts'

/** `PUT /key?symlink`. Source: "PutSymlink", Alibaba Cloud OSS documentation. */
export async function putSymlink(call: Call, bucket: Bucket): Promise<Reply> {
  const symlinkTarget = readTarget(headerOf(call, 'x-oss-symlink-target') ?? '')
  const attributes = requestAttributes(call, bucket)
  const staged = await stageObject(bucket, Readable.from([]))
  try {
    const kind = { type: 'Symlink', symlinkTarget } as const
    const meta = await storeObject(call, bucket, call.key, staged, attributes, kind)
    reportObject(call, meta, 'PutSymlink')
    return { status: 200, headers: { ETag: `"${meta.etag}"` } }
  } finally {
    await staged.discard()
  }
}

/** `GET /key?symlink`. Source: "GetSymlink", Alibaba Cloud OSS documentation. */
export async function getSymlink(call: Call, bucket: Bucket): Promise<Reply> {
  const meta = await bucket.objects.head(call.key)
  if (meta?.symlinkTarget === undefined) throw noSuchKey(call)
  return {
    status: 200,
    headers: {
      ETag: `"${meta.etag}"`,
      'Last-Modified': new Date(meta.lastModified).toUTCString(),
      'x-oss-symlink-target': encodeURIComponent(meta.symlinkTarget),
    },
  }
}

function readTarget(text: string): string {
  try {
    const target = decodeURIComponent(text)
    if (target === '') throw new OssError('invalidObjectName', { details: { ObjectName: '' } })
    checkObjectName(target)
    return target
  } catch (error) {
    if (error instanceof OssError) throw error
    throw new OssError('invalidObjectName', { details: { ObjectName: text } })
  }
}
