/** The connection that a request came by. */
export interface Connection {
  /** Name or address that was called, without a port. */
  host: string
  port: number
  /** Whether TLS was used. */
  secure: boolean
  clientAddress: string
  /** Internal host names exist only for callers inside a VPC. */
  network: 'internet' | 'vpc'
}
