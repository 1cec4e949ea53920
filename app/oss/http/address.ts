import { isIP } from 'node:net'
import { OssError } from '../errors/oss-error.ts'

/** The target of a request. */
export interface Address {
  /** Empty for the service itself. */
  bucket: string
  /** Decoded; empty for a bucket or the service. */
  key: string
  /** Decoded, in order, with repeated names. */
  query: [name: string, value: string][]
  /** Whether the bucket is in the path instead of the host name. */
  pathStyle: boolean
}

/** Names of the service. */
export interface ServiceNames {
  /** Without the `oss-` prefix. */
  region: string
  /** Buckets of custom domains, by `host` or `host:port`, or by `*` for all IP addresses. */
  customDomains: ReadonlyMap<string, string>
}

/**
 * Finds the bucket and the key of a request: `BUCKET.oss-REGION.aliyuncs.com`, its internal name, the
 * same under `localhost`, and custom domains. With an IP address as host, the bucket is the first
 * segment of the path, as SDKs send it.
 *
 * @throws OssError InvalidURI, or SecondLevelDomainForbidden for a bucket in the path
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
      const [, name = '', value = ''] = /^([^=]*)=?(.*)$/s.exec(part) ?? []
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
