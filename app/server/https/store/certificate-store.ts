import { z } from 'zod'

/** What is kept of an account, under the name `account.json`. */
export const keptAccount = z.object({
  directory: z.string(),
  key: z.string().startsWith('-----BEGIN'),
  url: z.url().optional(),
})

/** What is kept of a certificate, key and chain in one, under the name `certificate.json`. */
export const keptCertificate = z.object({
  directory: z.string(),
  profile: z.string().optional(),
  name: z.string(),
  key: z.string().startsWith('-----BEGIN'),
  chain: z.string().startsWith('-----BEGIN'),
})

/** What is kept of attempts that failed, under the name `attempts.json`. */
export const keptAttempts = z.object({
  directory: z.string(),
  name: z.string(),
  reason: z.enum(['caUnreachable', 'clock', 'rateLimited', 'notReached', 'refused', 'notOurs']),
  /** In a row, for this reason. */
  failures: z.number().int().positive(),
  problem: z.string(),
  nextAttempt: z.iso.datetime(),
})

export type KeptAccount = z.infer<typeof keptAccount>
export type KeptAttempts = z.infer<typeof keptAttempts>
export type KeptName = 'account.json' | 'certificate.json' | 'attempts.json'

/** A place that keeps documents by name. */
export interface KeepingPlace {
  /** For the log, such as `the folder /var/lib/x`. */
  readonly title: string
  /** @returns undefined when there is none of that name @throws Error */
  read(name: KeptName): Promise<string | undefined>
  /**
   * Keeps a document, whole or not at all.
   *
   * @param onlyNew Leave one that is there as it is
   * @returns Whether it is kept @throws Error
   */
  write(name: KeptName, text: string, onlyNew: boolean): Promise<boolean>
}
