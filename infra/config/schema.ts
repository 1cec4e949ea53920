import { isIPv4 } from 'node:net'
import { z } from 'zod'

/*
 * How one setting is read. Pulumi hands every value over as text, arrays and objects as JSON, and
 * an empty text stands for one that is not set.
 */

const unset = (text: unknown): unknown => (text === '' ? undefined : text)

/** A text that may be left out. */
export function text(check: (value: string) => boolean, rule: string) {
  return z.preprocess(unset, z.string().refine(check, rule).optional())
}

/** One of these words. */
export function word<const W extends readonly [string, ...string[]]>(
  words: W,
  fallback: W[number],
) {
  return z.preprocess(unset, z.enum(words, `must be ${listed(words)}`).default(fallback as never))
}

/** One of these words, or left out. */
export function optionalWord<const W extends readonly [string, ...string[]]>(words: W) {
  return z.preprocess(unset, z.enum(words, `must be ${listed(words)}`).optional())
}

/** A whole number within bounds. */
export function whole(min: number, max: number, fallback: number) {
  const rule = `must be a whole number from ${min} to ${max}`
  return z.preprocess(
    unset,
    z
      .string()
      .default(String(fallback))
      .refine((value) => /^\d{1,15}$/.test(value), rule)
      .transform(Number)
      .refine((value) => value >= min && value <= max, rule),
  )
}

/** `true` or `false`. */
export function flag(fallback: boolean) {
  return z.preprocess(
    unset,
    z
      .enum(['true', 'false'], 'must be true or false')
      .default(fallback ? 'true' : 'false')
      .transform((value) => value === 'true'),
  )
}

/** A list of texts without repetitions, each of which keeps the rule. */
export function list(
  check: (entry: string) => boolean,
  rule: string,
  fallback: readonly string[] = [],
) {
  return z.preprocess(
    (value) => (value === undefined || value === '' ? fallback : json(value)),
    z.array(z.string(rule).refine(check, rule), rule).transform((entries) => [...new Set(entries)]),
  )
}

/** Names with a text each. */
export function map(check: (entries: [string, string][]) => boolean, rule: string) {
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

const MOST_INSTANCES = 100
const SIZE_RULE =
  `must be two whole numbers from 1 to ${MOST_INSTANCES}: ` +
  'pulumi config set --path instances.min 2, and instances.max'

/** How many instances there are, `{ min, max }`, or left out. */
export function size() {
  const count = z
    .union([z.number(), z.string().regex(/^\d{1,3}$/, SIZE_RULE)], SIZE_RULE)
    .transform(Number)
    .pipe(z.int(SIZE_RULE).min(1, SIZE_RULE).max(MOST_INSTANCES, SIZE_RULE))
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

/** `203.0.113.0/24`: an IPv4 range with no bit set behind its prefix. */
export function isCidr(value: string): boolean {
  const [address = '', length = '', ...rest] = value.split('/')
  if (!isIPv4(address) || !/^([0-9]|[12][0-9]|3[0-2])$/.test(length) || rest.length > 0) {
    return false
  }
  const bits = address.split('.').reduce((sum, byte) => sum * 256 + Number(byte), 0)
  return bits % 2 ** (32 - Number(length)) === 0
}

/** An http or https origin, without a path. */
export function isOrigin(value: string): boolean {
  const url = URL.parse(value)
  return url !== null && /^https?:$/.test(url.protocol) && url.origin === value
}

/** A host name with a dot in it, as a certificate can be for: no address, nothing in upper case. */
export function isHostName(value: string): boolean {
  const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?'
  return value.length <= 253 && new RegExp(`^(${label}\\.)+(?=[a-z])${label}$`).test(value)
}

/** An https URL, without name and password, query or fragment. */
export function isHttpsUrl(value: string): boolean {
  const url = URL.parse(value)
  return url?.protocol === 'https:' && `${url.origin}${url.pathname}` === value
}

/** A password that ECS takes for root of a Linux instance ("RunInstances", ECS API reference). */
export function isPassword(value: string): boolean {
  const special = /[()`~!@#$%^&*\-_+=|{}[\]:;'<>,.?/]/
  const classes = [/[a-z]/, /[A-Z]/, /[0-9]/, special].filter((kind) => kind.test(value))
  return /^[\x21-\x7e]{8,30}$/.test(value) && !/["\\]/.test(value) && classes.length >= 3
}

function json(value: unknown): unknown {
  if (value === undefined) return undefined
  try {
    return JSON.parse(String(value))
  } catch {
    return value
  }
}

function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`
}
