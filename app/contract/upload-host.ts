/** Endpoints of OSS that are not of one region. */
const ACCELERATED = ['oss-accelerate', 'oss-accelerate-overseas']

/**
 * Returns why a page cannot post forms to an origin, and which one to write, to follow the name of a
 * setting in a sentence. Only OSS's own endpoints can be checked; a custom domain is taken as it is.
 * Source: "Regions and endpoints", Alibaba Cloud OSS documentation.
 *
 * @param uploadHost An origin
 * @param bucket Name of the bucket @default any
 * @returns undefined when it can work
 */
export function uploadHostProblem(
  uploadHost: string,
  region: string,
  bucket?: string,
): string | undefined {
  const { hostname } = new URL(uploadHost)
  const write = `; write https://${bucket ?? 'BUCKET'}.oss-${region}.aliyuncs.com`
  if (!hostname.endsWith('.aliyuncs.com')) return undefined
  if (/(-internal|\.oss-internal)\.aliyuncs\.com$|^(.+\.)?vpc\d+-oss-/.test(hostname)) {
    return `must not be an internal endpoint, which visitors cannot reach${write}`
  }
  const [, name, place] =
    /^(?:([^.]+)\.)?(oss-[a-z0-9-]+|[a-z0-9-]+\.oss)\.aliyuncs\.com$/.exec(hostname) ?? []
  if (place === undefined) return undefined
  if (name === undefined) return `must have the bucket in its name${write}`
  if (bucket !== undefined && name !== bucket) {
    return `must not be of the bucket ${name}, as forms are signed for ${bucket}${write}`
  }
  if (![`oss-${region}`, `${region}.oss`, ...ACCELERATED].includes(place)) {
    return `must not be of another region than ${region}${write}`
  }
  return undefined
}
