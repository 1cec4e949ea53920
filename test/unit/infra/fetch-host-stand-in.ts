/** Stands in for the module that sends Host headers, which tests cannot see by replacing `fetch`. */
export function fetchHostAt(url: string, host: string, signal: AbortSignal): Promise<Response> {
  return fetch(`${url} as ${host}`, { signal })
}
