import type { IncomingMessage } from 'node:http'
import { OssError } from '../errors/oss-error.ts'
import type { CorsRule } from '../store/bucket-settings.ts'

/**
 * Returns the headers of the response to a preflight.
 * Source: "Options", Alibaba Cloud OSS documentation.
 *
 * @throws OssError when the origin or the method is missing or no rule matches
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
  const requested = String(request.headers['access-control-request-headers'] ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  const rule = findRule(rules, origin, method, requested)
  if (!rule) throw new OssError('corsNotAllowed')
  const headers = ruleHeaders(rule, origin)
  if (requested.length > 0) headers['Access-Control-Allow-Headers'] = requested.join(', ')
  return headers
}

/** Returns the CORS headers of a response. Without a matching rule, OSS serves the request without any. */
export function corsHeaders(
  request: IncomingMessage,
  rules: readonly CorsRule[],
): Record<string, string> {
  const { method = '', headers } = request
  const { origin } = headers
  const rule = origin ? findRule(rules, origin, method, []) : undefined
  return rule && origin ? ruleHeaders(rule, origin) : {}
}

function findRule(
  rules: readonly CorsRule[],
  origin: string,
  method: string,
  requestedHeaders: readonly string[],
): CorsRule | undefined {
  return rules.find(
    (rule) =>
      matches(rule.allowedOrigins, origin) &&
      rule.allowedMethods.includes(method) &&
      requestedHeaders.every((name) => matches(rule.allowedHeaders ?? [], name)),
  )
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
