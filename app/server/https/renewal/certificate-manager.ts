import type { HttpsState } from '../../../contract/index.ts'
import type { Certificate } from '../acme/certificate.ts'
import { ChallengeAnswers } from '../acme/http-01-challenges.ts'
import { askAdvice } from './check-authority.ts'
import { type FailedAttempt, failedAttempt, isStillWaitedFor } from './failed-attempt.ts'
import { clockSentence } from './failure-message.ts'
import type { KeeperCounts, KeeperOptions } from './manager-options.ts'
import { orderCertificate } from './order-certificate.ts'
import { type RenewalWindow, renewalTime } from './renewal-time.ts'
import type { HttpsStatus } from './status.ts'

/** Timers are set no further ahead, so that a clock that is put right is noticed. */
const LONGEST_SLEEP = 10 * 60_000
const SHORTEST_SLEEP = 100
/** Part of its lifetime for which a new certificate is kept, whatever the authority wishes. */
const LEAST_AGE = 1 / 20

/**
 * Has a certificate at all times: takes the one that is kept, orders the first, renews in time, waits
 * after failures as long as is right, and tells how it stands.
 */
export class CertificateKeeper {
  readonly answers = new ChallengeAnswers()
  readonly counts: KeeperCounts = { attempts: 0, failures: 0 }
  readonly name: string
  readonly #options: KeeperOptions
  readonly #listeners: ((certificate: Certificate) => void)[] = []
  #certificate: Certificate | undefined
  #window: RenewalWindow | undefined
  #askInfoAt = 0
  #renewAt = 0
  #orderAfter = 0
  #failed: FailedAttempt | undefined
  #clockAhead = 0
  #timer: NodeJS.Timeout | undefined
  #busy: Promise<void> | undefined
  #stopped = false
  #isServing = false

  constructor(options: KeeperOptions) {
    this.#options = options
    this.name = options.name
  }

  /** Whether there is a certificate that is good now; cheap enough for every request. */
  get isServing(): boolean {
    return this.#isServing
  }

  /** The last one, good or not any more. */
  get certificate(): Certificate | undefined {
    return this.#certificate
  }

  /** Seconds that the certificate is good for from now on; 0 without one. */
  get secondsLeft(): number {
    const ends = this.#certificate?.notAfter.getTime() ?? 0
    return Math.max(0, Math.floor((ends - this.#time()) / 1000))
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

  /** Tells of every certificate that is to be served from then on. */
  onCertificate(listener: (certificate: Certificate) => void): void {
    this.#listeners.push(listener)
  }

  /** Takes what is kept and begins; resolves once that is served, and does not wait for an order. */
  async start(): Promise<void> {
    const { kept, log } = this.#options
    const [here, attempts] = await Promise.all([kept.certificate('here'), kept.attempts()])
    const isGood = here !== undefined && here.notAfter.getTime() > this.#time()
    // What is here is served at once, however long the other places take to answer.
    const certificate = isGood ? here : await kept.certificate()
    if (certificate !== undefined) {
      this.#take(certificate)
      const until = certificate.notAfter.toISOString()
      log.info({}, `https: the certificate for ${this.name} that was kept is good until ${until}`)
      const clock = this.#clockProblem()
      if (clock !== undefined) log.error({}, `https: ${clock}`)
    }
    if (attempts && isStillWaitedFor(attempts, this.#time())) this.#failed = attempts
    this.#wake()
  }

  /** Orders nothing more; resolves when what is under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    clearTimeout(this.#timer)
    await this.#busy
  }

  #time(): number {
    const { now = Date.now } = this.#options
    return now() + this.#clockAhead
  }

  #random(): number {
    return (this.#options.random ?? Math.random)()
  }

  /** Certificates are from the past: one that is not yet good proves that this clock is late. */
  #clockProblem(): string | undefined {
    const early = (this.#certificate?.notBefore.getTime() ?? 0) - this.#time()
    return clockSentence(this.#clockAhead || Math.max(0, early))
  }

  #state(): HttpsState {
    if (this.#isServing) return 'serving'
    return this.#failed || this.#certificate ? 'failing' : 'pending'
  }

  #wake(): void {
    this.#look()
    if (this.#busy || this.#stopped) return
    this.#busy = this.#act().finally(() => {
      this.#busy = undefined
      this.#look()
      this.#sleep()
    })
  }

  /** Sees whether the certificate is good at this moment. */
  #look(): void {
    const was = this.#isServing
    const left = (this.#certificate?.notAfter.getTime() ?? 0) - this.#time()
    this.#isServing = left > 0
    if (was && !this.#isServing) {
      const sentence = `https: the certificate for ${this.name} has ended; the page goes on over http`
      this.#options.log.error({ status: this.status }, sentence)
    }
  }

  #sleep(): void {
    if (this.#stopped) return
    const now = this.#time()
    const ends = this.#certificate?.notAfter.getTime() ?? 0
    const due = this.#failed
      ? [Date.parse(this.#failed.nextAttempt)]
      : [this.#renewAt, this.#askInfoAt]
    const wakings = [...due, ...(ends > now ? [ends] : []), now + LONGEST_SLEEP]
    clearTimeout(this.#timer)
    this.#timer = setTimeout(
      () => this.#wake(),
      Math.max(SHORTEST_SLEEP, Math.min(...wakings) - now),
    )
    this.#timer.unref()
  }

  async #act(): Promise<void> {
    const now = this.#time()
    if (this.#failed && now < Date.parse(this.#failed.nextAttempt)) return
    try {
      if (!this.#isDue() && now >= this.#askInfoAt) {
        await this.#askAuthority().catch(() => {
          this.#askInfoAt = this.#time() + LONGEST_SLEEP
        })
      }
      if (this.#isDue()) {
        this.counts.attempts += 1
        await this.#renew()
      }
      if (this.#failed === undefined) return
      this.#failed = undefined
      await this.#options.kept.keepAttempts(undefined)
    } catch (error) {
      await this.#fail(error)
    }
  }

  async #renew(): Promise<void> {
    // Another instance may have renewed.
    const other = await this.#options.kept.certificate()
    if (other && other.notAfter > (this.#certificate?.notAfter ?? 0)) this.#take(other)
    await this.#askAuthority()
    if (this.#isDue()) await this.#order()
  }

  #isDue(): boolean {
    return this.#certificate === undefined || this.#time() >= this.#renewAt
  }

  /** Learns of the authority's clock and of when it wants the certificate renewed. */
  async #askAuthority(): Promise<void> {
    const before = clockSentence(this.#clockAhead)
    const isDue = this.#time() >= this.#askInfoAt
    const advice = await askAdvice(this.#options, isDue ? this.#certificate?.id : undefined)
    this.#clockAhead = advice.clockAhead
    const clock = clockSentence(this.#clockAhead)
    if (clock !== undefined && clock !== before) this.#options.log.error({}, `https: ${clock}`)
    if (!isDue) return
    this.#askInfoAt = this.#time() + advice.askAgainIn
    const { window } = advice
    if (window === undefined || window.end.getTime() === this.#window?.end.getTime()) return
    this.#window = window
    this.#plan()
  }

  async #order(): Promise<void> {
    const { kept, name, log } = this.#options
    const certificate = await orderCertificate(this.#options, this.answers, this.#certificate?.id)
    const lifetime = certificate.notAfter.getTime() - certificate.notBefore.getTime()
    this.#orderAfter = this.#time() + lifetime * LEAST_AGE
    // Kept before it is served: one that is lost costs another order.
    await kept.keepCertificate(certificate)
    this.#take(certificate)
    const until = certificate.notAfter.toISOString()
    log.info({}, `https: a certificate for ${name} was issued, good until ${until}`)
  }

  #take(certificate: Certificate): void {
    this.#certificate = certificate
    this.#window = undefined
    this.#askInfoAt = 0
    this.#plan()
    this.#look()
    for (const listener of this.#listeners) listener(certificate)
  }

  #plan(): void {
    if (this.#certificate === undefined) return
    const at = renewalTime(this.#certificate, this.#window, this.#random())
    this.#renewAt = Math.max(at.getTime(), this.#orderAfter)
  }

  async #fail(cause: unknown): Promise<void> {
    const { log, kept, name } = this.#options
    this.counts.failures += 1
    const failed = failedAttempt(cause, this.#failed, name, this.#time(), this.#random())
    this.#failed = failed
    const { problem, ...fields } = failed
    const told = failed.reason === 'notOurs' ? { ...fields, err: cause } : fields
    if (this.#isServing) log.warn(told, `https: not renewed. ${problem}`)
    else log.error(told, `https: ${problem}`)
    await kept.keepAttempts(failed)
  }
}
