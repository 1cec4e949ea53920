import { authorise } from '../access/authorise.ts'
import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import { childText, parseXml } from '../xml/parse-xml.ts'
import { xml } from '../xml/render-xml.ts'
import { readDocument } from './request-body.ts'
import { xmlReply } from './xml-reply.ts'

const MAX_KEYS = 1000

/** `DELETE /key`. Succeeds also when the object does not exist. */
export async function deleteObject(call: Call, bucket: Bucket): Promise<Reply> {
  if (call.query.has('versionId')) await authoriseVersion(call, bucket, call.key)
  await bucket.objects.delete(call.key)
  return { status: 204 }
}

/** Naming a version needs a permission of its own. Source: "Delete objects of a versioned bucket", OSS documentation. */
async function authoriseVersion(call: Call, bucket: Bucket, key: string): Promise<void> {
  await authorise(call, 'oss:DeleteObjectVersion', bucket, key)
}

/** `POST /?delete`. Source: "DeleteMultipleObjects", Alibaba Cloud OSS documentation. */
export async function deleteMultipleObjects(call: Call, bucket: Bucket): Promise<Reply> {
  if (headerOf(call, 'content-md5') === undefined) throw new OssError('invalidDigest')
  const document = parseXml(await readDocument(call))
  const objects = document.children.filter(({ name }) => name === 'Object')
  const keys = objects.map((object) => childText(object, 'Key') ?? '')
  if (
    document.name !== 'Delete' ||
    keys.length === 0 ||
    keys.length > MAX_KEYS ||
    keys.includes('')
  ) {
    throw new OssError('deleteListMalformed')
  }
  // Each object is authorised by itself.
  for (const object of objects) {
    const key = childText(object, 'Key') ?? ''
    await authorise(call, 'oss:DeleteObject', bucket, key)
    if (childText(object, 'VersionId') !== undefined) await authoriseVersion(call, bucket, key)
  }
  for (const key of keys) await bucket.objects.delete(key)
  if (childText(document, 'Quiet') === 'true') return { status: 200 }
  const encode = headerOf(call, 'encoding-type') ?? call.query.get('encoding-type')
  const text = (key: string): string => (encode === 'url' ? encodeURIComponent(key) : key)
  return xmlReply(
    xml('DeleteResult', [
      ...(encode === 'url' ? [xml('EncodingType', 'url')] : []),
      ...keys.map((key) => xml('Deleted', [xml('Key', text(key))])),
    ]),
  )
}
