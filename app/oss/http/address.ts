import { isIP } from 'node:net'
import { OssError } from '../errors/oss-error.ts'

/** A bucket and a key that a request may mean. */
export interface Target {
  /** Empty for the service itself. */
  bucket: string
  /** Decoded; empty for a bucket or the service. */
  key: string
}

/** Host, path and query of a request. */
export interface Address {
  /** All readings of host and path, at least one, most likely first. */
  targets: readonly [Target, ...Target[]]
  /** Decoded, in order, with repeated names. */
  query: [name: string, value: string][]
}

/** Names of the service. */
export interface ServiceNames {
  /** Without the `oss-` prefix. */
  region: string
  /** Buckets of custom domains, by `host` or `host:port`, or by `*` for all IP addresses. */
  customDomains: ReadonlyMap<string, string>
}

/**
 * Reads the address of a request. A custom domain is one bucket. Below `aliyuncs.com`, only
 * `BUCKET.oss-REGION.aliyuncs.com` and its internal name are. Any other host can be read in several ways,
 * because clients write the same endpoint in different styles: the bucket is bound to the host, or is its
 * first label, or is the first segment of the path. The signature tells which reading is meant.
 *
 * @throws OssError InvalidURI, or SecondLevelDomainForbidden for a bucket in the path of OSS's own hosts
 */
export function readAddress(host: string, uri: string, names: ServiceNames): Address {
  const cut = uri.indexOf('?')
  const path = decode((cut < 0 ? uri : uri.slice(0, cut)).replace(/^\//, ''))
  const query = cut < 0 ? [] : readQuery(uri.slice(cut + 1))
  return { targets: readTargets(host.toLowerCase(), path, names), query }
}

function readTargets(
  host: string,
  path: string,
  { region, customDomains }: ServiceNames,
): Address['targets'] {
  const hostname = host.replace(/:\d+$/, '')
  const isAddress = isIP(hostname.replace(/^\[|\]$/g, '')) !== 0
  const bound =
    customDomains.get(host) ??
    customDomains.get(hostname) ??
    (isAddress ? customDomains.get('*') : undefined)
  if (/(^|\.)aliyuncs\.com$/.test(hostname)) {
    if (bound !== undefined) return [{ bucket: bound, key: path }]
    for (const suffix of [`.oss-${region}.aliyuncs.com`, `.oss-${region}-internal.aliyuncs.com`]) {
      if (hostname.endsWith(suffix))
        return [{ bucket: hostname.slice(0, -suffix.length), key: path }]
    }
    if (path !== '') throw new OssError('secondLevelDomainForbidden')
    return [{ bucket: '', key: '' }]
  }
  const label = isAddress ? undefined : /^([^.]+)\./.exec(hostname)?.[1]
  const [, segment = '', rest = ''] = /^([^/]*)\/?(.*)$/s.exec(path) ?? []
  const [first, ...others] = [
    ...(bound === undefined ? [] : [{ bucket: bound, key: path }]),
    ...(label === undefined ? [] : [{ bucket: label, key: path }]),
  ]
  const inPath = { bucket: segment, key: rest }
  return first ? [first, ...others, inPath] : [inPath]
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
