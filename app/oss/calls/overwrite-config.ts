import { randomUUID } from 'node:crypto'
import type { Call, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import type { OverwriteRule } from '../store/bucket-settings.ts'
import type { Bucket } from '../store/object-store.ts'
import { childText, childTexts, parseXml, type XmlElement } from '../xml/parse-xml.ts'
import { optionalXml, type XmlNode, xml } from '../xml/render-xml.ts'
import { readDocument } from './request-body.ts'
import { xmlReply } from './xml-reply.ts'

const MAX_RULES = 100
const MAX_AFFIX_CHARACTERS = 1023

/**
 * `PUT /?overwriteConfig`: replaces every rule.
 * Source: "PutBucketOverwriteConfig", Alibaba Cloud OSS documentation.
 */
export async function putOverwriteConfig(call: Call, bucket: Bucket): Promise<Reply> {
  const document = parseXml(await readDocument(call))
  const elements = document.children.filter(({ name }) => name === 'Rule')
  if (document.name !== 'OverwriteConfiguration' || elements.length === 0) {
    throw new OssError('malformedXml')
  }
  if (elements.length > MAX_RULES) throw new OssError('malformedXml')
  const overwriteRules = elements.map(readRule)
  await call.service.store.change(bucket, (settings) => ({ ...settings, overwriteRules }))
  return { status: 200 }
}

/** `GET /?overwriteConfig`. */
export async function getOverwriteConfig(_call: Call, bucket: Bucket): Promise<Reply> {
  const { overwriteRules } = bucket.settings
  if (!overwriteRules) throw new OssError('noSuchOverwriteConfig')
  return xmlReply(xml('OverwriteConfiguration', overwriteRules.map(ruleNode)))
}

/** `DELETE /?overwriteConfig`. Succeeds also when there is none. */
export async function deleteOverwriteConfig(call: Call, bucket: Bucket): Promise<Reply> {
  await call.service.store.change(bucket, ({ overwriteRules: _, ...settings }) => settings)
  return { status: 204 }
}

/** Returns whether a rule of the bucket forbids the caller to overwrite a key. */
export function forbidsOverwrite(call: Call, bucket: Bucket, key: string): boolean {
  const principal = call.caller && (call.caller.principalId ?? call.caller.accessKeyId)
  return (bucket.settings.overwriteRules ?? []).some(
    ({ prefix, suffix, principals }) =>
      key.startsWith(prefix) &&
      key.endsWith(suffix) &&
      (principals.length === 0 || (principal !== undefined && principals.includes(principal))),
  )
}

function readRule(element: XmlElement): OverwriteRule {
  const prefix = childText(element, 'Prefix') ?? ''
  const suffix = childText(element, 'Suffix') ?? ''
  if (childText(element, 'Action') !== 'forbid') throw new OssError('malformedXml')
  if ([prefix, suffix].some((affix) => affix.length > MAX_AFFIX_CHARACTERS)) {
    throw new OssError('malformedXml')
  }
  const principals = element.children.filter(({ name }) => name === 'Principals')
  return {
    id: childText(element, 'ID') || randomUUID(),
    prefix,
    suffix,
    principals: principals.flatMap((list) => childTexts(list, 'Principal')),
  }
}

function ruleNode({ id, prefix, suffix, principals }: OverwriteRule): XmlNode {
  return xml('Rule', [
    xml('ID', id),
    xml('Action', 'forbid'),
    ...optionalXml('Prefix', prefix || undefined),
    ...optionalXml('Suffix', suffix || undefined),
    ...(principals.length === 0
      ? []
      : [
          xml(
            'Principals',
            principals.map((principal) => xml('Principal', principal)),
          ),
        ]),
  ])
}
