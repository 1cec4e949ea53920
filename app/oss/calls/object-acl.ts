import { type Call, headerOf, type Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import { renderXml, xml } from '../xml/parse-xml.ts'
import { xmlReply } from './document-reply.ts'
import { checkObjectAcl } from './object-headers.ts'
import { checkPublicAcl } from './put-object.ts'

/** `PUT /key?acl`. */
export async function putObjectAcl(call: Call, bucket: Bucket): Promise<Reply> {
  const acl = checkObjectAcl(headerOf(call, 'x-oss-object-acl') ?? '')
  checkPublicAcl(acl, bucket)
  if (!(await bucket.objects.setAcl(call.key, acl))) {
    throw new OssError('noSuchKey', { details: { Key: call.key } })
  }
  return { status: 200 }
}

/** `GET /key?acl`. */
export async function getObjectAcl(call: Call, bucket: Bucket): Promise<Reply> {
  const meta = await bucket.objects.head(call.key)
  if (!meta) throw new OssError('noSuchKey', { details: { Key: call.key } })
  return xmlReply(renderXml(accessControlPolicy(call.service.accountId, meta.acl)))
}

/** The document of an ACL, of a bucket or of an object. */
export function accessControlPolicy(owner: string, acl: string) {
  return xml('AccessControlPolicy', [
    xml('Owner', [xml('ID', owner), xml('DisplayName', owner)]),
    xml('AccessControlList', [xml('Grant', acl)]),
  ])
}
