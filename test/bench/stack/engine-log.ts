/** When something was under way, in milliseconds since 1970. */
export interface Span {
  began: number
  ended: number
}

interface Entry {
  method?: string
  progress?: string
  timestamp?: string
  request?: { urn?: string }
  metadata?: { mode?: string }
}

/**
 * Reads when the provider was creating each resource out of the engine's log of its calls, which
 * `PULUMI_DEBUG_GRPC=FILE` has it write: one JSON line when a call is made, one when it is answered.
 *
 * @returns By URN
 */
export function creationSpans(log: string): Map<string, Span> {
  const spans = new Map<string, Span>()
  const began = new Map<string, number>()
  for (const line of log.split('\n').filter(Boolean)) {
    const { method, progress, timestamp = '', request, metadata } = JSON.parse(line) as Entry
    // The engine calls providers as their client; what the program calls it for is logged, too.
    if (method !== '/pulumirpc.ResourceProvider/Create' || metadata?.mode !== 'client') continue
    const [urn, at] = [request?.urn ?? '', Date.parse(timestamp)]
    if (progress === 'request_started') began.set(urn, at)
    else spans.set(urn, { began: began.get(urn) ?? at, ended: at })
  }
  return spans
}
