import { z } from 'zod'
import { fetchAcme, parseJson } from './transport.ts'

/** When the authority wants a certificate to be renewed (RFC 9773, 4.2). */
export interface RenewalWindow {
  start: Date
  end: Date
}

export interface RenewalInfo {
  window: RenewalWindow
  /** How long the window is valid before it has to be fetched again. */
  refreshAfterMs: number
}

const MINUTE_MS = 60_000
/** Refresh interval when the authority states none (RFC 9773, 4.3.2). */
export const DEFAULT_REFRESH_MS = 360 * MINUTE_MS
const MIN_REFRESH_MS = MINUTE_MS
const MAX_REFRESH_MS = 1440 * MINUTE_MS

const renewalInfoSchema = z.object({
  suggestedWindow: z.object({
    start: z.iso.datetime({ offset: true }),
    end: z.iso.datetime({ offset: true }),
  }),
})

/**
 * Fetches when a certificate should be renewed.
 *
 * @param url `renewalInfo` of the directory
 * @param id The certificate's
 * @returns undefined on any failure: a certificate can be renewed without this information
 */
export async function fetchRenewalInfo(url: string, id: string): Promise<RenewalInfo | undefined> {
  const response = await fetchAcme(`${url.replace(/\/$/, '')}/${id}`).catch(() => undefined)
  if (response?.status !== 200) return undefined
  const parsed = renewalInfoSchema.safeParse(parseJson(response.text))
  if (!parsed.success) return undefined
  const start = new Date(parsed.data.suggestedWindow.start)
  const end = new Date(parsed.data.suggestedWindow.end)
  if (end <= start) return undefined
  const retryAfterSeconds = Number(response.headers.get('retry-after'))
  const refreshMs = retryAfterSeconds > 0 ? retryAfterSeconds * 1000 : DEFAULT_REFRESH_MS
  return {
    window: { start, end },
    refreshAfterMs: Math.min(Math.max(refreshMs, MIN_REFRESH_MS), MAX_REFRESH_MS),
  }
}
