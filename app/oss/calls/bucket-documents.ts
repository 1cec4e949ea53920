import { parseRamPolicy } from '../access/ram-policy.ts'
import type { Call, Reply } from '../call.ts'
import { type ErrorKind, OssError } from '../errors/oss-error.ts'
import type { Bucket } from '../store/object-store.ts'
import { childText, parseXml, toNode } from '../xml/parse-xml.ts'
import { renderXml, type XmlNode, xml } from '../xml/render-xml.ts'
import { readDocument } from './request-body.ts'
import { documentReply, xmlReply } from './xml-reply.ts'

const MAX_POLICY_BYTES = 16 * 1024

/** A document that is stored and returned without any effect. */
interface StoredDocument {
  /** Name of its root element. */
  root: string
  /** What GET returns when there is none. */
  empty: XmlNode | ErrorKind
}

/** By the name of the query parameter. */
export const STORED_DOCUMENTS: Readonly<Record<string, StoredDocument>> = {
  encryption: { root: 'ServerSideEncryptionRule', empty: 'noSuchEncryptionRule' },
  lifecycle: { root: 'LifecycleConfiguration', empty: 'noSuchLifecycle' },
  logging: { root: 'BucketLoggingStatus', empty: xml('BucketLoggingStatus') },
  referer: {
    root: 'RefererConfiguration',
    empty: xml('RefererConfiguration', [xml('AllowEmptyReferer', 'true'), xml('RefererList')]),
  },
  tagging: { root: 'Tagging', empty: xml('Tagging', [xml('TagSet')]) },
  transferAcceleration: {
    root: 'TransferAccelerationConfiguration',
    empty: 'noSuchTransferAcceleration',
  },
  website: { root: 'WebsiteConfiguration', empty: 'noSuchWebsite' },
  resourceGroup: {
    root: 'BucketResourceGroupConfiguration',
    empty: xml('BucketResourceGroupConfiguration', [xml('ResourceGroupId', 'rg-default')]),
  },
}

/** `PUT /?NAME`. @throws OssError MalformedXML */
export async function putDocument(call: Call, bucket: Bucket, name: string): Promise<Reply> {
  const document = parseXml(await readDocument(call))
  if (document.name !== STORED_DOCUMENTS[name]?.root) throw new OssError('malformedXml')
  await call.service.store.change(bucket, (settings) => ({
    ...settings,
    documents: { ...settings.documents, [name]: renderXml(toNode(document)) },
  }))
  return { status: 200 }
}

/** `GET /?NAME`. */
export async function getDocument(_call: Call, bucket: Bucket, name: string): Promise<Reply> {
  const stored = bucket.settings.documents[name]
  if (stored !== undefined) return documentReply(stored)
  const empty = STORED_DOCUMENTS[name]?.empty
  if (empty === undefined || typeof empty === 'string')
    throw new OssError(empty ?? 'notImplemented')
  return xmlReply(empty)
}

/** `DELETE /?NAME`. Succeeds also when there is none. */
export async function deleteDocument(call: Call, bucket: Bucket, name: string): Promise<Reply> {
  await call.service.store.change(bucket, (settings) => {
    const { [name]: _, ...documents } = settings.documents
    return { ...settings, documents }
  })
  return { status: 204 }
}

/** `PUT /?policy`, JSON. */
export async function putBucketPolicy(call: Call, bucket: Bucket): Promise<Reply> {
  const policy = await readDocument(call, MAX_POLICY_BYTES)
  let isPublic: boolean
  try {
    isPublic = isPublicPolicy(policy)
  } catch (error) {
    throw new OssError('malformedPolicy', { message: (error as Error).message })
  }
  if (isPublic && bucket.settings.blockPublicAccess) throw new OssError('publicPolicyForbidden')
  await call.service.store.change(bucket, (settings) => ({ ...settings, policy }))
  return { status: 200 }
}

/** `GET /?policy`. */
export async function getBucketPolicy(_call: Call, bucket: Bucket): Promise<Reply> {
  const { policy } = bucket.settings
  if (policy === undefined) throw new OssError('noSuchBucketPolicy')
  return { status: 200, headers: { 'Content-Type': 'application/json' }, body: policy }
}

/** `DELETE /?policy`. */
export async function deleteBucketPolicy(call: Call, bucket: Bucket): Promise<Reply> {
  await call.service.store.change(bucket, ({ policy: _, ...settings }) => settings)
  return { status: 204 }
}

/** `GET /?policyStatus`. */
export async function getBucketPolicyStatus(_call: Call, bucket: Bucket): Promise<Reply> {
  const { policy } = bucket.settings
  const isPublic = policy !== undefined && isPublicPolicy(policy)
  return xmlReply(xml('PolicyStatus', [xml('IsPublic', String(isPublic))]))
}

/** `GET /?publicAccessBlock`. */
export async function getPublicAccessBlock(_call: Call, bucket: Bucket): Promise<Reply> {
  const blocked = String(bucket.settings.blockPublicAccess)
  return xmlReply(xml('PublicAccessBlockConfiguration', [xml('BlockPublicAccess', blocked)]))
}

/** `PUT /?publicAccessBlock`. */
export async function putPublicAccessBlock(call: Call, bucket: Bucket): Promise<Reply> {
  const document = parseXml(await readDocument(call))
  const blocked = childText(document, 'BlockPublicAccess')
  if (document.name !== 'PublicAccessBlockConfiguration' || !/^(true|false)$/.test(blocked ?? '')) {
    throw new OssError('malformedXml')
  }
  const blockPublicAccess = blocked === 'true'
  await call.service.store.change(bucket, (settings) => ({ ...settings, blockPublicAccess }))
  return { status: 200 }
}

/** `DELETE /?publicAccessBlock`. */
export async function deletePublicAccessBlock(call: Call, bucket: Bucket): Promise<Reply> {
  await call.service.store.change(bucket, (settings) => ({ ...settings, blockPublicAccess: false }))
  return { status: 204 }
}

/** `GET /?versioning`, which is never enabled here. */
export async function getBucketVersioning(): Promise<Reply> {
  return xmlReply(xml('VersioningConfiguration'))
}

function isPublicPolicy(json: string): boolean {
  return parseRamPolicy(json).Statement.some(
    ({ Effect, Principal, Condition }) =>
      Effect === 'Allow' && [Principal ?? []].flat().includes('*') && Condition === undefined,
  )
}
