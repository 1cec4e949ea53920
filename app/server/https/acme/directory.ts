import { z } from 'zod'
import { AcmeError } from './acme-error.ts'
import { errorOfResponse, fetchAcme, parseJson } from './transport.ts'

/** What a certificate authority offers, and how far its clock is off. */
export interface AcmeDirectory {
  /** URL of renewal information (RFC 9773). */
  renewalInfo?: string
  /** Names of the profiles on offer (draft-ietf-acme-profiles). */
  profiles: string[]
  /** How far the authority's clock is ahead of this machine's; negative when it is behind. */
  clockAheadMs: number
}

const directorySchema = z.object({
  newOrder: z.string(),
  renewalInfo: z.url().optional(),
  meta: z.object({ profiles: z.record(z.string(), z.string()).optional() }).optional(),
})

/**
 * Fetches the directory of a certificate authority (RFC 8555, 7.1.1).
 *
 * @param now Clock of this machine, in milliseconds
 * @throws AcmeError
 */
export async function fetchDirectory(url: string, now: () => number): Promise<AcmeDirectory> {
  const response = await fetchAcme(url)
  if (response.status !== 200) throw errorOfResponse(response, url)
  const parsed = directorySchema.safeParse(parseJson(response.text))
  if (!parsed.success) throw new AcmeError('refused', `there is no ACME directory at ${url}`)
  const date = Date.parse(response.headers.get('date') ?? '')
  const { renewalInfo, meta } = parsed.data
  return {
    ...(renewalInfo === undefined ? {} : { renewalInfo }),
    profiles: Object.keys(meta?.profiles ?? {}),
    // The header counts whole seconds: half a second is the expected rest.
    clockAheadMs: Number.isNaN(date) ? 0 : date + 500 - now(),
  }
}
