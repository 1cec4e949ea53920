import { type Call, headerOf, type Reply } from '../call.ts'
import type { Bucket } from '../store/object-store.ts'
import { type XmlNode, xml } from '../xml/render-xml.ts'
import { noSuchKey } from './get-object.ts'
import { checkObjectAcl } from './object-headers.ts'
import { checkPublicAcl } from './put-object.ts'
import { ownerXml, xmlReply } from './xml-reply.ts'

/** `PUT /key?acl`. */
export async function putObjectAcl(call: Call, bucket: Bucket): Promise<Reply> {
  const acl = checkObjectAcl(headerOf(call, 'x-oss-object-acl') ?? '')
  checkPublicAcl(acl, bucket)
  if (!(await bucket.objects.change(call.key, { acl }))) throw noSuchKey(call)
  return { status: 200 }
}

/** `GET /key?acl`. */
export async function getObjectAcl(call: Call, bucket: Bucket): Promise<Reply> {
  const meta = await bucket.objects.head(call.key)
  if (!meta) throw noSuchKey(call)
  return xmlReply(accessControlPolicy(call.service.accountId, meta.acl))
}

/** Returns the document of an ACL, of a bucket or an object. */
export function accessControlPolicy(owner: string, acl: string): XmlNode {
  return xml('AccessControlPolicy', [
    ownerXml(owner),
    xml('AccessControlList', [xml('Grant', acl)]),
  ])
}
