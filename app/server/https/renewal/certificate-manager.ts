import type { HttpsState } from '@oss-direct-upload/contract'
import { type Certificate, Http01Challenges, type RenewalWindow } from '../acme/index.ts'
import type { FailedAttempt } from '../store/index.ts'
import { checkAuthority } from './check-authority.ts'
import { delaysAttempt, failedAttempt } from './failed-attempt.ts'
import { clockMessage } from './failure-message.ts'
import type { ManagerOptions } from './manager-options.ts'
import { orderCertificate } from './order-certificate.ts'
import { renewalTime } from './renewal-time.ts'
import type { HttpsStatus } from './status.ts'

/** Longest timer, so that a clock that is corrected is noticed. */
const MAX_TIMER_MS = 10 * 60_000
const MIN_TIMER_MS = 100
/** Part of its lifetime in which a new certificate is not renewed, whatever the authority suggests. */
const MIN_AGE = 1 / 20

/**
 * Keeps a valid certificate: loads the stored one, orders the first, renews it in time, and retries
 * after failures.
 */
export class CertificateManager {
  readonly challenges = new Http01Challenges()
  /** Attempts since the start. */
  readonly counts = { attempts: 0, failures: 0 }
  readonly name: string
  readonly #options: ManagerOptions
  readonly #listeners: ((certificate: Certificate) => void)[] = []
  #certificate: Certificate | undefined
  #window: RenewalWindow | undefined
  #nextWindowCheckMs = 0
  #renewAtMs = 0
  #renewNotBeforeMs = 0
  #failed: FailedAttempt | undefined
  #clockAheadMs = 0
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false
  #isServing = false

  constructor(options: ManagerOptions) {
    this.#options = options
    this.name = options.name
  }

  /** Whether there is a valid certificate. */
  get isServing(): boolean {
    return this.#isServing
  }

  /** The latest certificate, even if it has expired. */
  get certificate(): Certificate | undefined {
    return this.#certificate
  }

  /** Time until the certificate expires; 0 without one. */
  get secondsLeft(): number {
    return Math.max(0, Math.floor((this.#expiryMs() - this.#now()) / 1000))
  }

  get status(): HttpsStatus {
    const { notAfter } = this.#certificate ?? {}
    const failed = this.#failed
    const problem = failed?.problem ?? this.#clockProblem()
    return {
      state: this.#state(),
      name: this.name,
      ...(notAfter === undefined ? {} : { notAfter: notAfter.toISOString() }),
      ...(problem === undefined ? {} : { problem }),
      ...(failed === undefined ? {} : { nextAttempt: failed.nextAttempt }),
    }
  }

  /** Why the last attempt failed. */
  get reason(): FailedAttempt['reason'] | undefined {
    return this.#failed?.reason
  }

  /** Calls the listener with every certificate to serve from then on. */
  onCertificate(listener: (certificate: Certificate) => void): void {
    this.#listeners.push(listener)
  }

  /** Starts. Resolves once the stored certificate is served, before one is ordered. */
  async start(): Promise<void> {
    const { store, log } = this.#options
    const [local, failed] = await Promise.all([
      store.loadCertificate('local'),
      store.loadFailedAttempt(),
    ])
    const isValid = local !== undefined && local.notAfter.getTime() > this.#now()
    // A valid local certificate is served without waiting for the other stores.
    const certificate = isValid ? local : await store.loadCertificate('all')
    if (certificate !== undefined) {
      this.#use(certificate)
      const expiry = certificate.notAfter.toISOString()
      log.info({}, `https: the stored certificate for ${this.name} is valid until ${expiry}`)
      const clock = this.#clockProblem()
      if (clock !== undefined) log.error({}, `https: ${clock}`)
    }
    if (failed && delaysAttempt(failed, this.#now())) this.#failed = failed
    this.#tick()
  }

  /** Orders nothing more. Resolves when the current attempt has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#running
  }

  /** The time by the authority's clock. */
  #now(): number {
    const { now = Date.now } = this.#options
    return now() + this.#clockAheadMs
  }

  #random(): number {
    return (this.#options.random ?? Math.random)()
  }

  #expiryMs(): number {
    return this.#certificate?.notAfter.getTime() ?? 0
  }

  /** A certificate that is not valid yet proves that this machine's clock is behind. */
  #clockProblem(): string | undefined {
    const earlyMs = (this.#certificate?.notBefore.getTime() ?? 0) - this.#now()
    return clockMessage(this.#clockAheadMs || Math.max(0, earlyMs))
  }

  #state(): HttpsState {
    if (this.#isServing) return 'serving'
    return this.#failed || this.#certificate ? 'failing' : 'pending'
  }

  #tick(): void {
    this.#updateServing()
    if (this.#running || this.#stopped) return
    this.#running = this.#renewIfDue().finally(() => {
      this.#running = undefined
      this.#updateServing()
      this.#schedule()
    })
  }

  #updateServing(): void {
    const wasServing = this.#isServing
    this.#isServing = this.#expiryMs() > this.#now()
    if (wasServing && !this.#isServing) {
      const message = `https: the certificate for ${this.name} has expired; the page is served over http`
      this.#options.log.error({ status: this.status }, message)
    }
  }

  #schedule(): void {
    if (this.#stopped) return
    const now = this.#now()
    const expiry = this.#expiryMs()
    const due = this.#failed
      ? [Date.parse(this.#failed.nextAttempt)]
      : [this.#renewAtMs, this.#nextWindowCheckMs]
    const next = Math.min(...due, ...(expiry > now ? [expiry] : []), now + MAX_TIMER_MS)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#tick(), Math.max(MIN_TIMER_MS, next - now))
    this.#timer.unref()
  }

  async #renewIfDue(): Promise<void> {
    const now = this.#now()
    if (this.#failed && now < Date.parse(this.#failed.nextAttempt)) return
    try {
      if (!this.#isDue() && now >= this.#nextWindowCheckMs) {
        await this.#checkAuthority().catch(() => {
          this.#nextWindowCheckMs = this.#now() + MAX_TIMER_MS
        })
      }
      if (this.#isDue()) {
        this.counts.attempts += 1
        await this.#renew()
      }
      if (this.#failed === undefined) return
      this.#failed = undefined
      await this.#options.store.saveFailedAttempt(undefined)
    } catch (error) {
      await this.#fail(error)
    }
  }

  async #renew(): Promise<void> {
    // Another instance may have renewed it.
    const stored = await this.#options.store.loadCertificate('all')
    if (stored && stored.notAfter.getTime() > this.#expiryMs()) this.#use(stored)
    await this.#checkAuthority()
    if (this.#isDue()) await this.#order()
  }

  #isDue(): boolean {
    return this.#certificate === undefined || this.#now() >= this.#renewAtMs
  }

  /** Updates the difference of clocks and, if that is due, the renewal window. */
  async #checkAuthority(): Promise<void> {
    const { now = Date.now, log } = this.#options
    const before = clockMessage(this.#clockAheadMs)
    const isDue = this.#now() >= this.#nextWindowCheckMs
    const id = isDue ? this.#certificate?.id : undefined
    const authority = await checkAuthority(this.#options, now, id)
    this.#clockAheadMs = authority.clockAheadMs
    const clock = clockMessage(this.#clockAheadMs)
    if (clock !== undefined && clock !== before) log.error({}, `https: ${clock}`)
    if (!isDue) return
    this.#nextWindowCheckMs = this.#now() + authority.refreshAfterMs
    const { window } = authority
    if (window === undefined || window.end.getTime() === this.#window?.end.getTime()) return
    this.#window = window
    this.#planRenewal()
  }

  async #order(): Promise<void> {
    const { store, name, log } = this.#options
    const certificate = await orderCertificate(
      this.#options,
      this.challenges,
      this.#certificate?.id,
    )
    const lifetimeMs = certificate.notAfter.getTime() - certificate.notBefore.getTime()
    this.#renewNotBeforeMs = this.#now() + lifetimeMs * MIN_AGE
    // Saved before it is served: a lost one costs another order.
    await store.saveCertificate(certificate)
    this.#use(certificate)
    const expiry = certificate.notAfter.toISOString()
    log.info({}, `https: a certificate for ${name} was issued, valid until ${expiry}`)
  }

  #use(certificate: Certificate): void {
    this.#certificate = certificate
    this.#window = undefined
    this.#nextWindowCheckMs = 0
    this.#planRenewal()
    this.#updateServing()
    for (const listener of this.#listeners) listener(certificate)
  }

  #planRenewal(): void {
    if (this.#certificate === undefined) return
    const time = renewalTime(this.#certificate, this.#window, this.#random())
    this.#renewAtMs = Math.max(time.getTime(), this.#renewNotBeforeMs)
  }

  async #fail(cause: unknown): Promise<void> {
    const { log, store, name } = this.#options
    this.counts.failures += 1
    const failed = failedAttempt(cause, this.#failed, name, this.#now(), this.#random())
    this.#failed = failed
    const { problem, ...fields } = failed
    const logged = failed.reason === 'notOurs' ? { ...fields, err: cause } : fields
    if (this.#isServing) log.warn(logged, `https: not renewed. ${problem}`)
    else log.error(logged, `https: ${problem}`)
    await store.saveFailedAttempt(failed)
  }
}
