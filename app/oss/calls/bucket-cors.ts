import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { CorsRule } from '../store/bucket-settings.ts'
import type { Bucket } from '../store/object-store.ts'
import { childText, childTexts, parseXml, type XmlElement } from '../xml/parse-xml.ts'
import { xml } from '../xml/render-xml.ts'
import { readDocument } from './request-body.ts'
import { xmlReply } from './xml-reply.ts'

const MAX_DOCUMENT_BYTES = 16 * 1024
const MAX_RULES = 20
const METHODS = ['GET', 'PUT', 'DELETE', 'POST', 'HEAD']

/** `PUT /?cors`: replaces every rule. Source: "PutBucketCors", Alibaba Cloud OSS documentation. */
export async function putBucketCors(call: Call, bucket: Bucket): Promise<Reply> {
  const document = parseXml(await readDocument(call, MAX_DOCUMENT_BYTES))
  const elements = document.children.filter(({ name }) => name === 'CORSRule')
  if (document.name !== 'CORSConfiguration' || elements.length === 0) {
    throw new OssError('malformedXml')
  }
  if (elements.length > MAX_RULES) throw new OssError('corsRulesBeyondLimit')
  const cors = {
    rules: elements.map(readRule),
    responseVary: childText(document, 'ResponseVary') === 'true',
  }
  await call.service.store.change(bucket, (settings) => ({ ...settings, cors }))
  return { status: 200 }
}

/** `GET /?cors`. */
export async function getBucketCors(_call: Call, bucket: Bucket): Promise<Reply> {
  const { cors } = bucket.settings
  if (!cors) throw new OssError('noSuchCorsConfiguration')
  return xmlReply(
    xml('CORSConfiguration', [
      ...cors.rules.map((rule) =>
        xml('CORSRule', [
          ...rule.allowedOrigins.map((origin) => xml('AllowedOrigin', origin)),
          ...rule.allowedMethods.map((method) => xml('AllowedMethod', method)),
          ...(rule.allowedHeaders ?? []).map((name) => xml('AllowedHeader', name)),
          ...(rule.exposeHeaders ?? []).map((name) => xml('ExposeHeader', name)),
          ...(rule.maxAgeSeconds === undefined
            ? []
            : [xml('MaxAgeSeconds', String(rule.maxAgeSeconds))]),
        ]),
      ),
      xml('ResponseVary', String(cors.responseVary)),
    ]),
  )
}

/** `DELETE /?cors`. Succeeds also when there is none. */
export async function deleteBucketCors(call: Call, bucket: Bucket): Promise<Reply> {
  await call.service.store.change(bucket, ({ cors: _, ...settings }) => settings)
  return { status: 204 }
}

function readRule(element: XmlElement): CorsRule {
  const allowedOrigins = childTexts(element, 'AllowedOrigin')
  const allowedMethods = childTexts(element, 'AllowedMethod')
  // OSS returns them in lower case.
  const allowedHeaders = childTexts(element, 'AllowedHeader').map((name) => name.toLowerCase())
  const exposeHeaders = childTexts(element, 'ExposeHeader')
  const age = childText(element, 'MaxAgeSeconds')
  if (allowedOrigins.length === 0) throw new OssError('corsOriginMissing')
  if (!allowedOrigins.every(isOrigin)) throw new OssError('corsOriginInvalid')
  if (allowedMethods.length === 0 || !allowedMethods.every((m) => METHODS.includes(m))) {
    throw new OssError('malformedXml')
  }
  const isHeader = (name: string): boolean => !/[<>&'"]/.test(name)
  if (!allowedHeaders.every((n) => isHeader(n) && stars(n) <= 1)) {
    throw new OssError('corsHeaderInvalid')
  }
  if (!exposeHeaders.every((n) => isHeader(n) && stars(n) === 0)) {
    throw new OssError('corsHeaderInvalid')
  }
  if (age !== undefined && !/^\d{1,9}$/.test(age)) throw new OssError('malformedXml')
  return {
    allowedOrigins,
    allowedMethods,
    allowedHeaders,
    exposeHeaders,
    ...(age === undefined ? {} : { maxAgeSeconds: Number(age) }),
  }
}

// OSS refuses `https://*`.
function isOrigin(text: string): boolean {
  if (text === '*') return true
  return stars(text) <= 1 && /^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/i.test(text) && !/:\/\/\*$/.test(text)
}

function stars(text: string): number {
  return text.split('*').length - 1
}
