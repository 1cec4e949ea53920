import { randomBytes } from 'node:crypto'

/** What follows the dash in ids of a region, from ids in the cloud's documentation. */
const REGION_MARKS: Readonly<Record<string, string>> = {
  'ap-southeast-1': 't4n',
  'cn-beijing': '2ze',
  'cn-hangzhou': 'bp1',
  'cn-hongkong': 'j6c',
  'eu-central-1': 'gw8',
  'us-west-1': 'rj9',
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** Returns random lower-case letters and digits. */
export function randomTail(length: number): string {
  return Array.from(randomBytes(length), (byte) => LETTERS[byte % LETTERS.length]).join('')
}

/**
 * Returns a new id such as `i-t4n0q9v2c8w7x1m4k3z5`: the region's mark and 17 random characters.
 *
 * @param kind Part before the dash, e.g. `vpc`
 */
export function newResourceId(kind: string, region: string): string {
  return `${kind}-${REGION_MARKS[region] ?? 'x5e'}${randomTail(17)}`
}
