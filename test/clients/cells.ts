/** One combination of address and signature version that a client is tested with. */
export interface Cell {
  /** Name in the table. */
  address: string
  version: 'V1' | 'V4'
  endpoint: string
  /** How the client is told to address the bucket. @default as it chooses */
  style: '' | 'cname' | 'path'
  /** Whether the endpoint needs names that only the hosts file of the tests has. */
  needsNames: boolean
}

/** Bucket of all cells. */
export const BUCKET = 'photos'
/** Region of the embedded OSS. */
export const REGION = 'ap-southeast-1'
/** Names that lead to the loopback address while the tests run. */
export const NAMES: readonly string[] = ['oss', `oss-${REGION}.localhost`, 'localhost'].flatMap(
  (name) => [name, `${BUCKET}.${name}`, `${BUCKET}-own.${name}`],
)

/**
 * Returns all cells.
 *
 * @param port Of the embedded OSS
 * @param mappedPort Port that is forwarded to it, like that of a container
 */
export function cellsOf(port: number, mappedPort: number): Cell[] {
  const addresses: Omit<Cell, 'version'>[] = [
    ['`http://127.0.0.1:PORT`', `127.0.0.1:${port}`, '', false],
    ['`http://localhost:PORT`', `localhost:${port}`, '', true],
    ['`http://oss-REGION.localhost:PORT`', `oss-${REGION}.localhost:${port}`, '', true],
    ['`http://oss:PORT`, a service name', `oss:${port}`, '', true],
    ['a mapped port', `127.0.0.1:${mappedPort}`, '', false],
    ['cname mode', `${BUCKET}.localhost:${port}`, 'cname', true],
    ['path style', `oss:${port}`, 'path', true],
  ].map(([address, host, style, needsNames]) => ({
    address: String(address),
    endpoint: `http://${host}`,
    style: style as Cell['style'],
    needsNames: needsNames === true,
  }))
  return addresses.flatMap((address) => [
    { ...address, version: 'V1' as const },
    { ...address, version: 'V4' as const },
  ])
}
