import { writeFile } from 'node:fs/promises'
import { matchesWildcard } from '../../../app/oss/index.ts'
import type { FaultKind } from './faults.ts'
import type { Connection } from './gateway/connection.ts'

/** One call as it went. */
export interface AuditEntry {
  /** ISO 8601, when it arrived. */
  at: string
  /** Until it was answered. */
  milliseconds: number
  host: string
  secure: boolean
  clientAddress: string
  /** What it needs, e.g. `ecs:RunInstances`; empty where it did not become clear. */
  action: string
  /** What RAM has to allow for it; none for what everyone may, or where it did not come so far. */
  permissions: readonly string[]
  /** `root`, `user/NAME`, `role/NAME/SESSION`, `anonymous`, or `unknown` before a signature was right. */
  caller: string
  /** Of an RPC call its parameters, of an OSS call its method, bucket and key; secrets are masked. */
  parameters: Readonly<Record<string, string>>
  /** HTTP; 0 where the connection was cut. */
  status: number
  /** Of the refusal; empty for a success. */
  code: string
  /** The fault that was put in its way. */
  fault?: FaultKind
  requestId: string
}

/** What entries are looked for by; every one given must fit. `*` and `?` stand for characters. */
export interface AuditQuery {
  action?: string
  caller?: string
  host?: string
  code?: string
  /** Whether it succeeded. */
  succeeded?: boolean
}

const SECRET = /password|secret|securitytoken|privatekey/i
const LONGEST = 400

/** Every call that reached the simulated cloud, oldest first. */
export class Audit {
  readonly #entries: AuditEntry[] = []

  /**
   * Starts the entry of a request that has arrived; the returned function completes and adds it.
   *
   * @param now Milliseconds since 1970
   */
  start(
    { host, secure, clientAddress }: Pick<Connection, 'host' | 'secure' | 'clientAddress'>,
    now: number,
  ): (outcome: Pick<AuditEntry, 'status'> & Partial<AuditEntry>) => void {
    const started = performance.now()
    const at = new Date(now).toISOString()
    return (outcome) =>
      this.add({
        at,
        milliseconds: Math.round(performance.now() - started),
        host,
        secure,
        clientAddress,
        action: '',
        permissions: [],
        caller: 'anonymous',
        parameters: {},
        code: '',
        requestId: '',
        ...outcome,
      })
  }

  add(entry: AuditEntry): void {
    this.#entries.push(entry)
  }

  get entries(): readonly AuditEntry[] {
    return this.#entries
  }

  find(query: AuditQuery): AuditEntry[] {
    const fits = (pattern: string | undefined, text: string): boolean =>
      pattern === undefined || matchesWildcard(pattern, text)
    return this.#entries.filter(
      (entry) =>
        fits(query.action, entry.action) &&
        fits(query.caller, entry.caller) &&
        fits(query.host, entry.host) &&
        fits(query.code, entry.code) &&
        (query.succeeded === undefined || query.succeeded === succeeded(entry)),
    )
  }

  /**
   * What calls needed and had, sorted: they may have failed later, but not for want of a permission.
   *
   * @param caller Of whom. @default everyone
   */
  permissionsUsed(caller = '*'): string[] {
    const granted = this.find({ caller }).filter(({ status }) => status !== 403)
    return [...new Set(granted.flatMap(({ permissions }) => permissions))].sort()
  }

  /** Milliseconds that calls took in all. */
  millisecondsSpent(query: AuditQuery = {}): number {
    return this.find(query).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  }

  /** Forgets what was so far. */
  clear(): void {
    this.#entries.length = 0
  }

  /** Writes a JSON line for each entry. @throws the system's error */
  async save(path: string): Promise<void> {
    const lines = this.#entries.map((entry) => `${JSON.stringify(entry)}\n`)
    await writeFile(path, lines.join(''))
  }
}

/** Parameters as they may be written down. */
export function maskSecrets(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      SECRET.test(name) && value !== '' ? '***' : shorten(value),
    ]),
  )
}

function shorten(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}… (${text.length} characters)`
}

function succeeded({ status }: AuditEntry): boolean {
  return status >= 200 && status < 400
}
