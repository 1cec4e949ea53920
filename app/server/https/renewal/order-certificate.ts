import {
  AcmeError,
  type Certificate,
  type Http01Challenges,
  issueCertificate,
  newAccount,
  parseCertificate,
} from '../acme/index.ts'
import type { ManagerOptions } from './manager-options.ts'

/**
 * Orders a certificate with the stored account, or with a new one.
 *
 * @param replaces Id of the certificate that it replaces
 * @throws AcmeError
 */
export async function orderCertificate(
  { store, directory, profile, name, pollIntervalMs }: ManagerOptions,
  challenges: Http01Challenges,
  replaces: string | undefined,
): Promise<Certificate> {
  const account = (await store.loadAccount()) ?? (await store.saveAccount(newAccount()))
  const request = {
    directory,
    profile,
    name,
    account,
    challenges,
    onAccount: async (url: string) => {
      await store.saveAccount({ ...account, url })
    },
    ...(replaces === undefined ? {} : { replaces }),
    ...(pollIntervalMs === undefined ? {} : { pollIntervalMs }),
  }
  const issued = await issueCertificate(request).catch((error: unknown) => {
    const isUnknown = error instanceof AcmeError && error.problem === 'accountDoesNotExist'
    if (!isUnknown) throw error
    return issueCertificate({ ...request, account: { key: account.key } })
  })
  return parseCertificate(issued.key, issued.chain, name)
}
