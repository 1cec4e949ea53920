/** How and where from a request came. */
export interface Arrival {
  /** Name or address that was called, without a port. */
  host: string
  port: number
  /** Whether it came by TLS. */
  secure: boolean
  clientAddress: string
  /** Internal names are there for callers inside the cloud only. */
  network: 'internet' | 'vpc'
}
