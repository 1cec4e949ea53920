import { signRpc, stringToSign } from 'simulated-cloud'
import { afterEach, vi } from 'vitest'

/** Secrets of the keys that sign calls of STS. */
const SECRETS: Record<string, string> = { A: 'B', M: 'N' }
const EXPIRATION = '2026-01-02T04:04:05Z'

/** A request of the program. */
export interface WebRequest {
  /** Method and URL; the action instead of the path of a call of STS. */
  what: string
  /** Headers, or the parameters of a call without those of every call. */
  values: Record<string, string>
}

/** The credentials that STS, the metadata service and a URI return for an id. */
export const session = (id: string) => ({
  accessKeyId: id,
  accessKeySecret: 'secret',
  securityToken: 'token',
  expiration: new Date(EXPIRATION),
})

afterEach(() => {
  vi.unstubAllGlobals()
})

/** Stands in for STS, whose signatures it checks, for the metadata service and for `http://credentials/`. */
export function fakeWeb(): WebRequest[] {
  const requests: WebRequest[] = []
  vi.stubGlobal('fetch', async (address: string, init: RequestInit) => {
    const { host, pathname } = new URL(address)
    if (init.body instanceof URLSearchParams) {
      const { Action = '', ...values } = call(init.body)
      requests.push({ what: `${Action} ${host}`, values })
      const body = {
        AccessKeyId: values.RoleArn,
        AccessKeySecret: 'secret',
        SecurityToken: 'token',
      }
      return Response.json({ Credentials: { ...body, Expiration: EXPIRATION } })
    }
    const values = { ...(init.headers as Record<string, string>) }
    requests.push({ what: `${init.method ?? 'GET'} ${address}`, values })
    if (pathname.endsWith('/api/token')) return new Response('metadata-token')
    return Response.json({
      Code: 'Success',
      AccessKeyId: pathname.split('/').at(-1),
      AccessKeySecret: 'secret',
      SecurityToken: 'token',
      Expiration: EXPIRATION,
    })
  })
  return requests
}

/** Checks the signature of a call. @returns Its parameters, without those of every call */
function call(body: URLSearchParams): Record<string, string> {
  const all = Object.fromEntries(body)
  const { Signature, SignatureNonce, SignatureMethod, SignatureVersion, ...rest } = all
  const { Timestamp, Format, Version, ...values } = rest
  const secret = SECRETS[all.AccessKeyId ?? ''] ?? 'secret'
  if (all.AccessKeyId && signRpc(stringToSign('POST', all), secret) !== Signature) {
    throw new Error('The signature does not match')
  }
  return values
}
