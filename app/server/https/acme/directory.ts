import { z } from 'zod'
import type { RenewalWindow } from '../renewal/renewal-time.ts'
import { AcmeError } from './acme-error.ts'
import { askAuthority, failure } from './transport.ts'

/** What a certificate authority says of itself, and what its clock says of ours. */
export interface AuthorityDirectory {
  /** Where it tells when certificates are to be renewed (RFC 9773). */
  renewalInfo?: string
  /** Names of the profiles that can be ordered (draft-ietf-acme-profiles). */
  profiles: string[]
  /** Milliseconds that the authority's clock is ahead of this machine's. */
  clockAhead: number
}

/** When to renew, and when to ask again. */
export interface RenewalInfo {
  window: RenewalWindow
  /** Milliseconds. */
  askAgainIn: number
}

const MINUTE = 60_000
const directory = z.object({
  newOrder: z.string(),
  renewalInfo: z.url().optional(),
  meta: z.object({ profiles: z.record(z.string(), z.string()).optional() }).optional(),
})
const renewalInfo = z.object({
  suggestedWindow: z.object({
    start: z.iso.datetime({ offset: true }),
    end: z.iso.datetime({ offset: true }),
  }),
})

/**
 * Reads the directory, and with it the clock of the authority (RFC 8555, 7.1.1).
 *
 * @param now Clock of this machine, in milliseconds
 * @throws AcmeError
 */
export async function readDirectory(url: string, now: () => number): Promise<AuthorityDirectory> {
  const answer = await askAuthority(url)
  if (answer.status !== 200) throw failure(answer.status, answer.headers, answer.text, url)
  const read = directory.safeParse(json(answer.text))
  if (!read.success) throw new AcmeError('refused', `there is no ACME directory at ${url}`)
  const theirs = Date.parse(answer.headers.get('date') ?? '')
  const { renewalInfo: info, meta } = read.data
  return {
    ...(info === undefined ? {} : { renewalInfo: info }),
    profiles: Object.keys(meta?.profiles ?? {}),
    // Their header has whole seconds.
    clockAhead: Number.isNaN(theirs) ? 0 : theirs + 500 - now(),
  }
}

/**
 * Asks when a certificate is to be renewed; whatever goes wrong is no reason not to renew.
 *
 * @param url `renewalInfo` of the directory
 * @param id The certificate's
 * @returns undefined when nothing usable is told
 */
export async function readRenewalInfo(url: string, id: string): Promise<RenewalInfo | undefined> {
  const answer = await askAuthority(`${url.replace(/\/$/, '')}/${id}`).catch(() => undefined)
  if (answer?.status !== 200) return undefined
  const read = renewalInfo.safeParse(json(answer.text))
  if (!read.success) return undefined
  const start = new Date(read.data.suggestedWindow.start)
  const end = new Date(read.data.suggestedWindow.end)
  if (end <= start) return undefined
  const told = Number(answer.headers.get('retry-after'))
  // Six hours unless told otherwise, and between a minute and a day (RFC 9773, 4.3.2).
  const askAgainIn = told > 0 ? told * 1000 : 360 * MINUTE
  return {
    window: { start, end },
    askAgainIn: Math.min(Math.max(askAgainIn, MINUTE), 1440 * MINUTE),
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
