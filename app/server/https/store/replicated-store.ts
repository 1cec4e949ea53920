import type { z } from 'zod'
import {
  type AcmeAccount,
  type AcmeError,
  type Certificate,
  parseCertificate,
} from '../acme/index.ts'
import type { DocumentName, DocumentStore } from './document-store.ts'
import {
  accountSchema,
  certificateSchema,
  type FailedAttempt,
  failedAttemptSchema,
} from './documents.ts'
import type { HttpsLog } from './log.ts'

/** What certificate is wanted, of whom. Documents of another one are ignored. */
export interface CertificateSpec {
  /** URL of the authority's directory. */
  directory: string
  /** Undefined leaves the choice to the authority. */
  profile: string | undefined
  /** IPv4 address or host name. */
  name: string
}

/**
 * Stores account and certificate in one store or several, the first of which is this machine's. A
 * document that cannot be read is logged and ignored, at the cost of another order.
 */
export class ReplicatedStore {
  readonly #stores: readonly [DocumentStore, ...DocumentStore[]]
  readonly #spec: CertificateSpec
  readonly #log: HttpsLog

  constructor(
    stores: readonly [DocumentStore, ...DocumentStore[]],
    { directory, profile, name }: CertificateSpec,
    log: HttpsLog,
  ) {
    this.#stores = stores
    this.#spec = { directory, profile, name }
    this.#log = log
  }

  /** Loads the certificate that expires last from this machine or from all stores. */
  async loadCertificate(from: 'local' | 'all'): Promise<Certificate | undefined> {
    const stores = from === 'local' ? [this.#stores[0]] : this.#stores
    const certificates = await Promise.all(stores.map((store) => this.#certificateIn(store)))
    return certificates
      .filter((certificate) => certificate !== undefined)
      .toSorted((a, b) => b.notAfter.getTime() - a.notAfter.getTime())[0]
  }

  async saveCertificate({ key, chain }: Certificate): Promise<void> {
    await this.#write(this.#stores, 'certificate.json', { ...this.#spec, key, chain })
  }

  /** Loads the account, preferably this machine's. */
  async loadAccount(): Promise<AcmeAccount | undefined> {
    for (const store of this.#stores) {
      const account = await this.#accountIn(store)
      if (account !== undefined) return account
    }
    return undefined
  }

  /**
   * Saves an account in each store that has none for this authority.
   *
   * @returns The account to use: another instance's if that was saved first
   */
  async saveAccount(account: AcmeAccount): Promise<AcmeAccount> {
    const { directory } = this.#spec
    const text = JSON.stringify({ directory, ...account })
    let used = account
    for (const store of this.#stores) {
      try {
        if (await store.write('account.json', text, true)) continue
        const other = await this.#accountIn(store)
        if (store !== this.#stores[0] && other !== undefined && other.key !== account.key) {
          used = other
        } else {
          await store.write('account.json', text, false)
        }
      } catch (error) {
        this.#logWriteFailure(store, 'account.json', error)
      }
    }
    if (used !== account) {
      await this.#write([this.#stores[0]], 'account.json', { directory, ...used })
    }
    return used
  }

  /** @returns undefined when the last attempt succeeded, or was for another name */
  async loadFailedAttempt(): Promise<FailedAttempt | undefined> {
    const document = await this.#read(this.#stores[0], 'attempts.json', failedAttemptSchema)
    if (document === undefined) return undefined
    const { directory, name, ...attempt } = document
    return directory === this.#spec.directory && name === this.#spec.name ? attempt : undefined
  }

  /** Saves on this machine alone: another machine may be reachable where this one is not. */
  async saveFailedAttempt(attempt: FailedAttempt | undefined): Promise<void> {
    const { directory, name } = this.#spec
    const document = attempt === undefined ? {} : { directory, name, ...attempt }
    await this.#write([this.#stores[0]], 'attempts.json', document)
  }

  async #certificateIn(store: DocumentStore): Promise<Certificate | undefined> {
    const document = await this.#read(store, 'certificate.json', certificateSchema)
    if (document === undefined) return undefined
    const { directory, profile, name } = this.#spec
    if (
      document.directory !== directory ||
      document.profile !== profile ||
      document.name !== name
    ) {
      this.#logIgnored(store, 'certificate.json', 'it is of another name, profile or authority')
      return undefined
    }
    try {
      return parseCertificate(document.key, document.chain, name)
    } catch (error) {
      this.#logIgnored(store, 'certificate.json', (error as AcmeError).message)
      return undefined
    }
  }

  async #accountIn(store: DocumentStore): Promise<AcmeAccount | undefined> {
    const document = await this.#read(store, 'account.json', accountSchema)
    if (document?.directory !== this.#spec.directory) return undefined
    const { key, url } = document
    return { key, ...(url === undefined ? {} : { url }) }
  }

  async #write(
    stores: readonly DocumentStore[],
    name: DocumentName,
    document: object,
  ): Promise<void> {
    const text = JSON.stringify(document)
    await Promise.all(
      stores.map((store) =>
        store.write(name, text, false).catch((error) => this.#logWriteFailure(store, name, error)),
      ),
    )
  }

  async #read<T>(
    store: DocumentStore,
    name: DocumentName,
    schema: z.ZodType<T>,
  ): Promise<T | undefined> {
    let text: string | undefined
    try {
      text = await store.read(name)
    } catch (err) {
      this.#log.warn({ err }, `https: ${name} cannot be read from ${store.title}`)
      return undefined
    }
    // An empty document stands for a deleted one.
    if (text === undefined || text === '{}') return undefined
    let document: unknown
    try {
      document = JSON.parse(text)
    } catch {
      document = undefined
    }
    const parsed = schema.safeParse(document)
    if (!parsed.success) this.#logIgnored(store, name, 'it is damaged')
    return parsed.data
  }

  #logIgnored(store: DocumentStore, name: DocumentName, why: string): void {
    this.#log.warn({}, `https: ${name} in ${store.title} is ignored: ${why}`)
  }

  #logWriteFailure(store: DocumentStore, name: DocumentName, err: unknown): void {
    const message = `https: ${name} cannot be saved in ${store.title}: it is missing after a restart`
    this.#log.error({ err }, message)
  }
}
