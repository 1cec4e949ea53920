/** What a region must be, to follow the name of a setting in a sentence. */
export const REGION_RULE = 'must be a region like ap-southeast-1, without "oss-"'

/** Returns whether a text is a region's id, without the `oss-` prefix that endpoints have. */
export function isRegion(text: string): boolean {
  return /^(?!oss-)[a-z]{2,}(-[a-z0-9]+)+$/.test(text)
}
