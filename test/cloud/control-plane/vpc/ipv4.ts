/** A block of IPv4 addresses: from its network address, `2 ** (32 - prefix)` of them. */
export interface Ipv4Block {
  network: number
  prefix: number
}

/** Parses a dotted decimal address to a number; undefined for other texts. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part))) return undefined
  const numbers = parts.map(Number)
  if (numbers.some((number) => number > 255)) return undefined
  return numbers.reduce((value, number) => value * 256 + number, 0)
}

/** Dotted decimal. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** Returns the number of addresses in a block. */
export function blockSize(block: Ipv4Block): number {
  return 2 ** (32 - block.prefix)
}

/** Parses a CIDR block without host bits, e.g. `192.168.0.0/24`; undefined for other texts. */
export function parseBlock(text: string): Ipv4Block | undefined {
  const [address, length, ...rest] = text.split('/')
  if (rest.length > 0 || length === undefined || !/^(0|[1-9]\d?)$/.test(length)) return undefined
  const network = parseIpv4(address ?? '')
  const prefix = Number(length)
  if (network === undefined || prefix > 32) return undefined
  return network % 2 ** (32 - prefix) === 0 ? { network, prefix } : undefined
}

/** Returns whether an address lies in a block. */
export function holds(block: Ipv4Block, address: number): boolean {
  return address >= block.network && address < block.network + blockSize(block)
}

/** Returns whether a block lies in another one, or is it. */
export function encloses(outer: Ipv4Block, inner: Ipv4Block): boolean {
  return inner.prefix >= outer.prefix && holds(outer, inner.network)
}

/** Returns whether two blocks share addresses. */
export function overlap(one: Ipv4Block, other: Ipv4Block): boolean {
  return encloses(one, other) || encloses(other, one)
}
