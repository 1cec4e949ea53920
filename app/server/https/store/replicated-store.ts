import type { z } from 'zod'
import type { AcmeError } from '../acme/acme-error.ts'
import { type Certificate, readCertificate } from '../acme/certificate.ts'
import type { AcmeAccount } from '../acme/issue-certificate.ts'
import {
  type KeepingPlace,
  type KeptAccount,
  type KeptAttempts,
  type KeptName,
  keptAccount,
  keptAttempts,
  keptCertificate,
} from './certificate-store.ts'
import type { HttpsLog } from './log.ts'

/** Whose state it is; what another directory, profile or name left behind is not taken. */
export interface StateOwner {
  directory: string
  profile: string | undefined
  name: string
}

/**
 * Account and certificate as they are kept in one place or several, the first of which is this
 * machine's. What cannot be read is passed over with a line in the log: then there is one more order.
 */
export class KeptState {
  readonly #places: readonly KeepingPlace[]
  readonly #owner: StateOwner
  readonly #log: HttpsLog

  constructor(places: readonly KeepingPlace[], owner: StateOwner, log: HttpsLog) {
    this.#places = places
    this.#owner = owner
    this.#log = log
  }

  /**
   * @param where On this machine alone, or in every place
   * @returns Of the certificates that are kept the one that is good for longest
   */
  async certificate(where: 'here' | 'everywhere' = 'everywhere'): Promise<Certificate | undefined> {
    const { directory, profile, name } = this.#owner
    const places = where === 'here' ? this.#places.slice(0, 1) : this.#places
    const found = await Promise.all(
      places.map(async (place) => {
        const kept = await this.#read(place, 'certificate.json', keptCertificate)
        if (kept === undefined) return undefined
        if (kept.directory !== directory || kept.profile !== profile || kept.name !== name) {
          this.#passOver(place, 'certificate.json', 'it is of another name, profile or authority')
          return undefined
        }
        try {
          return readCertificate(kept.key, kept.chain, name)
        } catch (error) {
          this.#passOver(place, 'certificate.json', (error as AcmeError).message)
          return undefined
        }
      }),
    )
    return found
      .filter((certificate) => certificate !== undefined)
      .toSorted((a, b) => b.notAfter.getTime() - a.notAfter.getTime())[0]
  }

  async keepCertificate({ key, chain }: Certificate): Promise<void> {
    await this.#write(this.#places, 'certificate.json', { ...this.#owner, key, chain })
  }

  /** The account that is kept; the one of this machine first. */
  async account(): Promise<AcmeAccount | undefined> {
    for (const place of this.#places) {
      const kept = await this.#read(place, 'account.json', keptAccount)
      if (kept?.directory === this.#owner.directory) return accountOf(kept)
    }
    return undefined
  }

  /**
   * Keeps an account in each place that has none of this authority.
   *
   * @returns The account to use: that of another instance, if it was there first
   */
  async keepAccount(account: AcmeAccount): Promise<AcmeAccount> {
    const text = this.#text({ directory: this.#owner.directory, ...account })
    let used = account
    for (const place of this.#places) {
      try {
        if (await place.write('account.json', text, true)) continue
        const kept = await this.#read(place, 'account.json', keptAccount)
        const isOther = kept?.directory === this.#owner.directory && kept.key !== account.key
        if (isOther && place !== this.#places[0]) used = accountOf(kept)
        else await place.write('account.json', text, false)
      } catch (error) {
        this.#notKept(place, 'account.json', error)
      }
    }
    if (used !== account) {
      await this.#write(this.#places.slice(0, 1), 'account.json', {
        directory: this.#owner.directory,
        ...used,
      })
    }
    return used
  }

  /** @returns undefined when the last attempt did not fail, or for another name */
  async attempts(): Promise<KeptAttempts | undefined> {
    const [machine] = this.#places
    const kept = machine && (await this.#read(machine, 'attempts.json', keptAttempts))
    const { directory, name } = this.#owner
    return kept?.directory === directory && kept.name === name ? kept : undefined
  }

  /** Attempts are of this machine: another's address may lead elsewhere. */
  async keepAttempts(attempts: Omit<KeptAttempts, 'directory' | 'name'> | undefined) {
    const { directory, name } = this.#owner
    await this.#write(this.#places.slice(0, 1), 'attempts.json', {
      ...(attempts === undefined ? {} : { directory, name, ...attempts }),
    })
  }

  async #write(places: readonly KeepingPlace[], name: KeptName, document: object): Promise<void> {
    const text = this.#text(document)
    await Promise.all(
      places.map((place) =>
        place.write(name, text, false).catch((error) => this.#notKept(place, name, error)),
      ),
    )
  }

  async #read<T>(
    place: KeepingPlace,
    name: KeptName,
    schema: z.ZodType<T>,
  ): Promise<T | undefined> {
    let text: string | undefined
    try {
      text = await place.read(name)
    } catch (err) {
      this.#log.warn({ err }, `https: ${name} cannot be read from ${place.title}`)
      return undefined
    }
    // What is empty tells that there is nothing any more.
    if (text === undefined || text === '{}') return undefined
    let document: unknown
    try {
      document = JSON.parse(text)
    } catch {
      document = undefined
    }
    const read = schema.safeParse(document)
    if (!read.success) this.#passOver(place, name, 'it is damaged')
    return read.data
  }

  #text(document: object): string {
    return JSON.stringify(document)
  }

  #passOver(place: KeepingPlace, name: KeptName, why: string): void {
    this.#log.warn({}, `https: ${name} in ${place.title} is passed over: ${why}`)
  }

  #notKept(place: KeepingPlace, name: KeptName, err: unknown): void {
    const sentence = `https: ${name} cannot be kept in ${place.title}: after a restart it is missing`
    this.#log.error({ err }, sentence)
  }
}

function accountOf({ key, url }: KeptAccount): AcmeAccount {
  return { key, ...(url === undefined ? {} : { url }) }
}
