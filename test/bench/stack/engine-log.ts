/** Start and end in milliseconds since 1970. */
export interface Span {
  start: number
  end: number
}

interface Entry {
  method?: string
  progress?: string
  timestamp?: string
  request?: { urn?: string }
  metadata?: { mode?: string }
}

/**
 * Reads when the provider created each resource, from the engine's log of its calls (written with
 * `PULUMI_DEBUG_GRPC=FILE`): one JSON line for each call and one for its response.
 *
 * @returns By URN
 */
export function creationSpans(log: string): Map<string, Span> {
  const spans = new Map<string, Span>()
  const starts = new Map<string, number>()
  for (const line of log.split('\n').filter(Boolean)) {
    const { method, progress, timestamp = '', request, metadata } = JSON.parse(line) as Entry
    // The engine is the client of providers; the log also has calls in which it is the server.
    if (method !== '/pulumirpc.ResourceProvider/Create' || metadata?.mode !== 'client') continue
    const [urn, at] = [request?.urn ?? '', Date.parse(timestamp)]
    if (progress === 'request_started') starts.set(urn, at)
    else spans.set(urn, { start: starts.get(urn) ?? at, end: at })
  }
  return spans
}
