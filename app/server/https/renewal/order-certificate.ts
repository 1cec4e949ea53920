import { newAccount } from '../acme/account.ts'
import { AcmeError } from '../acme/acme-error.ts'
import { type Certificate, readCertificate } from '../acme/certificate.ts'
import type { ChallengeAnswers } from '../acme/http-01-challenges.ts'
import { issueCertificate } from '../acme/issue-certificate.ts'
import type { KeptState, StateOwner } from '../store/replicated-store.ts'

export interface OrderOptions extends StateOwner {
  kept: KeptState
  /** Milliseconds between two looks at what the authority is doing. @default 1000 */
  lookEvery?: number
}

/**
 * Orders a certificate by the account that is kept, or by a new one.
 *
 * @param replaces Id of the certificate whose place it takes
 * @throws AcmeError
 */
export async function orderCertificate(
  { kept, directory, profile, name, lookEvery }: OrderOptions,
  answers: ChallengeAnswers,
  replaces: string | undefined,
): Promise<Certificate> {
  const account = (await kept.account()) ?? (await kept.keepAccount(newAccount()))
  const request = {
    directory,
    profile,
    name,
    account,
    answers,
    onAccount: async (url: string) => {
      await kept.keepAccount({ ...account, url })
    },
    ...(replaces === undefined ? {} : { replaces }),
    ...(lookEvery === undefined ? {} : { lookEvery }),
  }
  const issued = await issueCertificate(request).catch((error: unknown) => {
    const isForgotten = error instanceof AcmeError && error.problem === 'accountDoesNotExist'
    if (!isForgotten) throw error
    return issueCertificate({ ...request, account: { key: account.key } })
  })
  return readCertificate(issued.key, issued.chain, name)
}
