import { HTTPS_FAILURE_REASONS } from '@oss-direct-upload/contract'
import { z } from 'zod'

const PEM = z.string().startsWith('-----BEGIN')

/** Schema of `account.json`. */
export const accountSchema = z.object({
  directory: z.string(),
  key: PEM,
  url: z.url().optional(),
})

/** Schema of `certificate.json`, which has key and chain, so that both are written at once. */
export const certificateSchema = z.object({
  directory: z.string(),
  profile: z.string().optional(),
  name: z.string(),
  key: PEM,
  chain: PEM,
})

/** Schema of `attempts.json`. */
export const failedAttemptSchema = z.object({
  directory: z.string(),
  name: z.string(),
  reason: z.enum(HTTPS_FAILURE_REASONS),
  /** Consecutive failures for this reason. */
  failures: z.number().int().positive(),
  /** What failed and what to do, as a sentence. */
  problem: z.string(),
  nextAttempt: z.iso.datetime(),
})

/** The last attempt to obtain a certificate, which failed, and when the next is made. */
export type FailedAttempt = Omit<z.infer<typeof failedAttemptSchema>, 'directory' | 'name'>
