import { type FormField, type PinnedFields, pinFields } from './form-fields.ts'
import { jsonString } from './json-string.ts'
import { checkFieldValue } from './post-limits.ts'
import { escapeDollars } from './post-policy.ts'
import { SigningError } from './signing-error.ts'

/** What the fields behind the key say of the upload. */
export interface Description {
  status: 200 | 201 | 204
  /** Of the exact form alone. */
  object: { contentType: string; forbidOverwrite?: boolean } | undefined
  /** Base64. */
  callback: string | undefined
  /** More form fields. */
  extra: Readonly<Record<string, string>> | undefined
}

/** Those fields; the first is all that the general form pins. */
export interface DescribedFields extends PinnedFields {
  /** The first one's condition as JSON. */
  first: string
}

/** @throws SigningError `InvalidField` */
export function describedFields(description: Description): DescribedFields {
  const { status, object, callback, extra } = description
  const fields: FormField[] = [['success_action_status', `${status}`]]
  const first = `["eq","$success_action_status","${status}"]`
  let members = `"success_action_status":"${status}"`
  let conditions = first
  if (object !== undefined) {
    const { contentType } = object
    checkFieldValue('Content-Type', contentType)
    const quoted = jsonString(contentType)
    const type = escapeDollars(quoted)
    const forbid = (object.forbidOverwrite ?? true) ? 'true' : 'false'
    // The type of the file's own part would win over the first, but not over the second.
    fields.push(['Content-Type', contentType], ['x-oss-content-type', contentType])
    fields.push(['x-oss-forbid-overwrite', forbid])
    members +=
      `,"Content-Type":${quoted},"x-oss-content-type":${quoted}` +
      `,"x-oss-forbid-overwrite":"${forbid}"`
    conditions +=
      `,["eq","$content-type",${type}],["eq","$x-oss-content-type",${type}]` +
      `,["eq","$x-oss-forbid-overwrite","${forbid}"]`
  }
  const more: FormField[] = callback === undefined ? [] : [['callback', callback]]
  if (extra !== undefined) addExtra(more, extra, fields)
  if (more.length === 0) return { fields, members, first, conditions }
  const pinned = pinFields(more)
  members += `,${pinned.members}`
  conditions += `,${pinned.conditions}`
  return { fields: [...fields, ...more], members, first, conditions }
}

function addExtra(
  more: FormField[],
  extra: Readonly<Record<string, string>>,
  fields: FormField[],
): void {
  const taken = new Set([...fields, ...more].map(([name]) => name.toLowerCase()))
  for (const [name, value] of Object.entries(extra)) {
    const reserved =
      /^(key|policy|file|signature|ossaccesskeyid|x-oss-(signature|credential|date|security-token))/i
    if (!/^[\x21-\x7e]+$/.test(name) || name.includes('"')) {
      throw new SigningError('InvalidField', `"${name}" is not a name for a form field`)
    }
    if (reserved.test(name) || taken.has(name.toLowerCase())) {
      throw new SigningError(
        'InvalidField',
        `The form field "${name}" is set by the signature itself`,
      )
    }
    taken.add(name.toLowerCase())
    more.push([name, value])
  }
}
