import { z } from 'zod'

/*
 * Pulumi passes the value of every setting as text, arrays and objects as JSON. An empty text counts
 * as unset.
 */

const unset = (text: unknown): unknown => (text === '' ? undefined : text)

/** An optional text. @param rule Follows the setting's name in the error */
export function optionalString(check: (value: string) => boolean, rule: string) {
  return z.preprocess(unset, z.string().refine(check, rule).optional())
}

/** One of these words. */
export function oneOf<const W extends readonly [string, ...string[]]>(
  words: W,
  defaultValue: W[number],
) {
  return z.preprocess(
    unset,
    z.enum(words, `must be ${alternatives(words)}`).default(defaultValue as never),
  )
}

/** One of these words, optional. */
export function optionalOneOf<const W extends readonly [string, ...string[]]>(words: W) {
  return z.preprocess(unset, z.enum(words, `must be ${alternatives(words)}`).optional())
}

/** A whole number within bounds. */
export function integer(min: number, max: number, defaultValue: number) {
  const rule = `must be a whole number from ${min} to ${max}`
  return z.preprocess(
    unset,
    z
      .string()
      .default(String(defaultValue))
      .refine((value) => /^\d{1,15}$/.test(value), rule)
      .transform(Number)
      .refine((value) => value >= min && value <= max, rule),
  )
}

/** `true` or `false`. */
export function boolean(defaultValue: boolean) {
  return z.preprocess(
    unset,
    z
      .enum(['true', 'false'], 'must be true or false')
      .default(defaultValue ? 'true' : 'false')
      .transform((value) => value === 'true'),
  )
}

/** A list of texts, each of which passes the check. Duplicates are removed. */
export function stringList(
  check: (entry: string) => boolean,
  rule: string,
  defaultValue: readonly string[] = [],
) {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? defaultValue : json(value)),
    z.array(z.string(rule).refine(check, rule), rule).transform((entries) => [...new Set(entries)]),
  )
}

/** Names with a text each. */
export function stringMap(check: (entries: [string, string][]) => boolean, rule: string) {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? {} : json(value)),
    z
      .record(z.string(), z.string(rule), rule)
      .refine((entries) => check(Object.entries(entries)), rule),
  )
}

/** How many instances a fleet has. */
export interface FleetSize {
  min: number
  max: number
}

const MAX_INSTANCES = 100
const SIZE_RULE =
  `must be two whole numbers from 1 to ${MAX_INSTANCES}: ` +
  'pulumi config set --path instances.min 2, and instances.max'

/** The size of a fleet, `{ min, max }`, optional. */
export function fleetSize() {
  const count = z
    .union([z.number(), z.string().regex(/^\d{1,3}$/, SIZE_RULE)], SIZE_RULE)
    .transform(Number)
    .pipe(z.int(SIZE_RULE).min(1, SIZE_RULE).max(MAX_INSTANCES, SIZE_RULE))
  return z
    .preprocess(
      (value) => (value === '{}' ? undefined : json(unset(value))),
      z
        .strictObject({ min: count, max: count }, SIZE_RULE)
        .refine(({ min, max }) => min <= max, 'must have a min that is no larger than max')
        .optional(),
    )
    .meta({ type: 'object' })
}

function json(value: unknown): unknown {
  if (value === undefined) return undefined
  try {
    return JSON.parse(String(value))
  } catch {
    return value
  }
}

function alternatives(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
