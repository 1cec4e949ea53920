/**
 * What of a client's address stands for the client: an IPv4 address as a whole, of an IPv6 address
 * the first 56 bits, as providers give everyone a network of that size or larger.
 */
export function clientNetwork(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '')
  if (!plain.includes(':')) return plain
  const [before = '', behind] = plain.split('::')
  const first = before === '' ? [] : before.split(':')
  const last = behind === undefined || behind === '' ? [] : behind.split(':')
  // With an IPv4 address at its end, that counts for two.
  const length = last.length + (last.at(-1)?.includes('.') ? 1 : 0)
  const groups = [...first, ...Array(Math.max(0, 8 - first.length - length)).fill('0'), ...last]
  const [a = 0, b = 0, c = 0, d = 0] = groups.slice(0, 4).map((group) => Number.parseInt(group, 16))
  return `${[a, b, c, d & 0xff00].map((group) => group.toString(16)).join(':')}::/56`
}
