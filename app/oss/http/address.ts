import { isIP } from 'node:net'
import { OssError } from '../errors/oss-error.ts'

/** What a request's Host, path and query say it is for. */
export interface Address {
  /** Empty for the service itself. */
  bucket: string
  /** Decoded; empty for the bucket or the service. */
  key: string
  /** Decoded, in order, repeats kept. */
  query: [name: string, value: string][]
  /** The bucket is in the path and not in the host name. */
  pathStyle: boolean
}

/** Names that the service is reached by. */
export interface ServiceNames {
  /** Without the `oss-` prefix. */
  region: string
  /** `host` or `host:port` of a custom domain, `*` for every bare address, and its bucket. */
  customDomains: ReadonlyMap<string, string>
}

/**
 * Finds bucket and key: `BUCKET.oss-REGION.aliyuncs.com` and its internal twin, the same under
 * `localhost`, and custom domains. A bare IP address takes the bucket as the path's first part, as
 * the SDKs then send it.
 *
 * @throws OssError InvalidURI, or the refusal of a bucket in the path
 */
export function readAddress(host: string, target: string, names: ServiceNames): Address {
  const cut = target.indexOf('?')
  const path = cut < 0 ? target : target.slice(0, cut)
  const query = cut < 0 ? [] : readQuery(target.slice(cut + 1))
  const name = decode(path.replace(/^\//, ''))
  const lower = host.toLowerCase()
  const hostname = lower.replace(/:\d+$/, '')
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  const bound =
    names.customDomains.get(lower) ??
    names.customDomains.get(hostname) ??
    (isAddress ? names.customDomains.get('*') : undefined)
  if (bound !== undefined) return { bucket: bound, key: name, query, pathStyle: false }
  const services = [
    `oss-${names.region}.aliyuncs.com`,
    `oss-${names.region}-internal.aliyuncs.com`,
    'localhost',
  ]
  for (const service of services) {
    if (hostname.endsWith(`.${service}`)) {
      const bucket = hostname.slice(0, -service.length - 1)
      return { bucket, key: name, query, pathStyle: false }
    }
  }
  if (name === '') return { bucket: '', key: '', query, pathStyle: false }
  if (!isAddress) throw new OssError('secondLevelDomainForbidden')
  const slash = name.indexOf('/')
  return {
    bucket: slash < 0 ? name : name.slice(0, slash),
    key: slash < 0 ? '' : name.slice(slash + 1),
    query,
    pathStyle: true,
  }
}

function readQuery(text: string): [string, string][] {
  return text
    .split('&')
    .filter((part) => part !== '')
    .map((part) => {
      const equals = part.indexOf('=')
      const [name, value] =
        equals < 0 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)]
      return [decode(name.replaceAll('+', ' ')), decode(value.replaceAll('+', ' '))]
    })
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new OssError('invalidUri', { details: { URI: text } })
  }
}
