import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { ObjectTags } from '../store/object-meta.ts'
import type { Bucket } from '../store/object-store.ts'
import { childText, parseXml } from '../xml/parse-xml.ts'
import { xml } from '../xml/render-xml.ts'
import { noSuchKey } from './get-object.ts'
import { readDocument } from './request-body.ts'
import { checkTags } from './tags.ts'
import { xmlReply } from './xml-reply.ts'

/** `PUT /key?tagging`. Source: "PutObjectTagging", Alibaba Cloud OSS documentation. */
export async function putObjectTagging(call: Call, bucket: Bucket): Promise<Reply> {
  const document = parseXml(await readDocument(call))
  const set = document.children.find(({ name }) => name === 'TagSet')
  if (document.name !== 'Tagging' || !set) throw new OssError('malformedXml')
  const tags = set.children
    .filter(({ name }) => name === 'Tag')
    .map((tag) => [childText(tag, 'Key') ?? '', childText(tag, 'Value') ?? ''] as const)
  await setTags(call, bucket, checkTags(tags))
  return { status: 200 }
}

/** `GET /key?tagging`. */
export async function getObjectTagging(call: Call, bucket: Bucket): Promise<Reply> {
  const meta = await bucket.objects.head(call.key)
  if (!meta) throw noSuchKey(call)
  const tags = Object.entries(meta.tags ?? {}).map(([key, value]) =>
    xml('Tag', [xml('Key', key), xml('Value', value)]),
  )
  return xmlReply(xml('Tagging', [xml('TagSet', tags)]))
}

/** `DELETE /key?tagging`. */
export async function deleteObjectTagging(call: Call, bucket: Bucket): Promise<Reply> {
  await setTags(call, bucket, {})
  return { status: 204 }
}

async function setTags(call: Call, bucket: Bucket, tags: ObjectTags): Promise<void> {
  if (!(await bucket.objects.change(call.key, { tags }))) throw noSuchKey(call)
}
