import type { IncomingMessage } from 'node:http'
import { OssError } from '../errors/oss-error.ts'

/** One rule of a bucket's CORS configuration. */
export interface CorsRule {
  /** `*`, or origins with at most one `*` in each. */
  allowedOrigins: readonly string[]
  allowedMethods: readonly string[]
  /** @default none */
  allowedHeaders?: readonly string[]
  /** @default none */
  exposeHeaders?: readonly string[]
  /** @default not sent */
  maxAgeSeconds?: number
}

/**
 * Headers of the reply to a preflight.
 * Source: "Options", Alibaba Cloud OSS documentation.
 *
 * @throws OssError when origin or method is missing or no rule matches
 */
export function preflightHeaders(
  request: IncomingMessage,
  rules: readonly CorsRule[],
): Record<string, string> {
  const { origin } = request.headers
  if (!origin) throw new OssError('corsNoOrigin')
  const method = request.headers['access-control-request-method']
  if (!method) throw new OssError('corsNoRequestMethod')
  if (rules.length === 0) throw new OssError('corsNotSet')
  const asked = String(request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const rule = rules.find(
    (r) =>
      matches(r.allowedOrigins, origin) &&
      r.allowedMethods.includes(method) &&
      asked.every((name) => matches(r.allowedHeaders ?? [], name)),
  )
  if (!rule) throw new OssError('corsNotAllowed')
  const headers = ruleHeaders(rule, origin)
  if (asked.length > 0) headers['Access-Control-Allow-Headers'] = asked.join(', ')
  return headers
}

/** Headers of an actual reply; none when no rule matches, as OSS then answers all the same. */
export function corsHeaders(
  request: IncomingMessage,
  rules: readonly CorsRule[],
): Record<string, string> {
  const { origin, method = '' } = request.headers.origin
    ? { origin: request.headers.origin, method: request.method }
    : {}
  const rule = rules.find(
    (r) => origin && matches(r.allowedOrigins, origin) && r.allowedMethods.includes(method),
  )
  return rule && origin ? ruleHeaders(rule, origin) : {}
}

function ruleHeaders(rule: CorsRule, origin: string): Record<string, string> {
  return {
    'Access-Control-Allow-Origin': rule.allowedOrigins.includes('*') ? '*' : origin,
    'Access-Control-Allow-Methods': rule.allowedMethods.join(', '),
    ...(rule.exposeHeaders?.length
      ? { 'Access-Control-Expose-Headers': rule.exposeHeaders.join(', ') }
      : {}),
    ...(rule.maxAgeSeconds === undefined
      ? {}
      : { 'Access-Control-Max-Age': String(rule.maxAgeSeconds) }),
  }
}

function matches(patterns: readonly string[], text: string): boolean {
  return patterns.some((pattern) => {
    const [start = '', end] = pattern.toLowerCase().split('*', 2)
    const value = text.toLowerCase()
    if (end === undefined) return value === start
    return (
      value.length >= start.length + end.length && value.startsWith(start) && value.endsWith(end)
    )
  })
}
