/** What `countStored` leaves in the page. */
export interface Counted {
  /** When files were stored, in milliseconds on the page's clock. */
  storedMs: number[]
  /** Requests to the bucket that failed. */
  failures: string[]
}

declare global {
  interface Window {
    counted: Counted
  }
}

/** Runs in a page before its scripts: counts the files that it stores in a bucket. */
export function countStored(bucket: string): void {
  const counted: Counted = { storedMs: [], failures: [] }
  window.counted = counted

  // A form, an object, or the end of an upload in parts.
  function isWhole(method: string, { searchParams }: URL): boolean {
    if (method === 'POST') return !searchParams.has('uploads')
    return method === 'PUT' && !searchParams.has('uploadId')
  }
  function onResponse(method: string, address: string, status: number): void {
    const url = new URL(address, location.href)
    if (url.origin !== bucket) return
    if (status < 200 || status > 299) counted.failures.push(`${method} ${url}: ${status}`)
    else if (isWhole(method, url)) counted.storedMs.push(performance.now())
  }

  const { open } = XMLHttpRequest.prototype
  XMLHttpRequest.prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
    const [method, url] = args.map(String) as [string, string]
    this.addEventListener('loadend', () => onResponse(method.toUpperCase(), url, this.status))
    Reflect.apply(open, this, args)
  }
  const originalFetch = window.fetch
  window.fetch = async (input, init) => {
    const response = await originalFetch(input, init)
    onResponse(init?.method ?? 'GET', response.url, response.status)
    return response
  }
}
