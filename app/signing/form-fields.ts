import { jsonString } from './json-string.ts'
import { checkFieldValue } from './post-limits.ts'
import { pinnedFieldJson } from './post-policy.ts'

/** One field of a form. */
export type FormField = [name: string, value: string]

/** Fields of a form, and what a policy says to let them have these values and no others. */
export interface PinnedFields {
  fields: FormField[]
  /** The members of a JSON object of them, with commas between. */
  members: string
  /** Conditions as JSON, with commas between. */
  conditions: string
}

/** @throws SigningError `InvalidField` for a value that would not survive the form */
export function pinFields(fields: FormField[]): PinnedFields {
  for (const [name, value] of fields) checkFieldValue(name, value)
  return {
    fields,
    members: fields.map(([name, value]) => `${jsonString(name)}:${jsonString(value)}`).join(','),
    conditions: fields.map(([name, value]) => pinnedFieldJson(name, value)).join(','),
  }
}
