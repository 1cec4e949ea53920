import { ActionError, type ActionParameters } from '../action.ts'
import { invalid } from './ram-errors.ts'

/** @throws ActionError for a name that RAM refuses */
export function checkName(parameter: string, name: string, pattern: RegExp, most: number): string {
  if (name.length > most) {
    throw invalid(parameter, 'Length', `The ${parameter} is at most ${most} characters.`)
  }
  if (!pattern.test(name)) {
    throw invalid(
      parameter,
      'InvalidChars',
      `The ${parameter} has characters that are not allowed.`,
    )
  }
  return name
}

/** @throws ActionError for a text that is too long */
export function checkLength(parameter: string, text: string, most: number): string {
  if ([...text].length <= most) return text
  throw invalid(parameter, 'Length', `The ${parameter} is at most ${most} characters.`)
}

/** Returns a page of a list: `Marker` is the last name of the page before. */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  parameters: ActionParameters,
): { page: T[]; rest: { IsTruncated: boolean; Marker?: string } } {
  const { Marker = '', MaxItems = '100' } = parameters
  const max = /^\d{1,4}$/.test(MaxItems) ? Number(MaxItems) : 0
  if (max < 1 || max > 1000) {
    throw invalid('MaxItems', 'Range', 'MaxItems is from 1 to 1000.')
  }
  const left = items
    .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
    .filter((item) => nameOf(item) > Marker)
  const page = left.slice(0, max)
  const last = page.at(-1)
  const rest =
    left.length > page.length && last
      ? { IsTruncated: true, Marker: nameOf(last) }
      : { IsTruncated: false }
  return { page, rest }
}

/**
 * Reads tags from JSON in one parameter, or from `Tag.N.Key` and `Tag.N.Value`.
 *
 * @throws ActionError
 */
export function readTags(parameters: ActionParameters): Map<string, string> {
  const tags = new Map<string, string>()
  if (parameters.Tag !== undefined) {
    for (const tag of readJsonList(parameters, 'Tag')) {
      const { Key = '', Value = '' } = (tag ?? {}) as Record<string, unknown>
      tags.set(String(Key), String(Value))
    }
  }
  for (let i = 1; parameters[`Tag.${i}.Key`] !== undefined; i += 1) {
    tags.set(parameters[`Tag.${i}.Key`] ?? '', parameters[`Tag.${i}.Value`] ?? '')
  }
  const bad = [...tags].find(
    ([key, value]) =>
      /^(aliyun|acs:)/.test(key) || key === '' || key.length > 128 || value.length > 128,
  )
  if (bad || tags.size > 20) {
    throw new ActionError(
      400,
      'InvalidParameter.Tag',
      'At most 20 tags, keys of 1 to 128 characters that do not begin with aliyun or acs:.',
    )
  }
  return tags
}

/** @throws ActionError unless the parameter is a JSON list */
export function readJsonList(parameters: ActionParameters, name: string): unknown[] {
  try {
    const list: unknown = JSON.parse(parameters[name] ?? '')
    if (Array.isArray(list)) return list
  } catch {
    // Answered below.
  }
  throw new ActionError(400, `InvalidParameter.${name}`, `${name} must be a JSON list.`)
}

/**
 * Reads a policy document.
 *
 * @param parameter Its name
 * @param most Characters
 * @throws ActionError for a document that is too long or that `parse` refuses
 */
export function parseDocument<Policy>(
  parameter: string,
  document: string,
  most: number,
  parse: (document: string) => Policy,
): Policy {
  if (document.length > most) {
    throw invalid(parameter, 'Length', `The ${parameter} is at most ${most} characters.`)
  }
  try {
    return parse(document)
  } catch (error) {
    throw new ActionError(400, 'MalformedPolicyDocument', (error as Error).message)
  }
}
