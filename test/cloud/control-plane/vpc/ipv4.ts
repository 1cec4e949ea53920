/** A block of IPv4 addresses: from its network address, `2 ** (32 - prefix)` of them. */
export interface Ipv4Block {
  network: number
  prefix: number
}

/** An address as a number; undefined when it is not one in dotted decimals. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^(0|[1-9]\d{0,2})$/.test(part))) return undefined
  const numbers = parts.map(Number)
  if (numbers.some((number) => number > 255)) return undefined
  return numbers.reduce((value, number) => value * 256 + number, 0)
}

/** Dotted decimals. */
export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.')
}

/** How many addresses a block has. */
export function blockSize(block: Ipv4Block): number {
  return 2 ** (32 - block.prefix)
}

/** A block in CIDR form whose host bits are zero, e.g. `192.168.0.0/24`; undefined otherwise. */
export function parseBlock(text: string): Ipv4Block | undefined {
  const [address, length, ...rest] = text.split('/')
  if (rest.length > 0 || length === undefined || !/^(0|[1-9]\d?)$/.test(length)) return undefined
  const network = parseIpv4(address ?? '')
  const prefix = Number(length)
  if (network === undefined || prefix > 32) return undefined
  return network % 2 ** (32 - prefix) === 0 ? { network, prefix } : undefined
}

/** Whether an address lies in a block. */
export function holds(block: Ipv4Block, address: number): boolean {
  return address >= block.network && address < block.network + blockSize(block)
}

/** Whether a block lies in another one, or is it. */
export function encloses(outer: Ipv4Block, inner: Ipv4Block): boolean {
  return inner.prefix >= outer.prefix && holds(outer, inner.network)
}

/** Whether two blocks share addresses. */
export function overlap(one: Ipv4Block, other: Ipv4Block): boolean {
  return encloses(one, other) || encloses(other, one)
}
