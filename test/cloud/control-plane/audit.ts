import { writeFile } from 'node:fs/promises'
import { matchesWildcard } from '@oss-direct-upload/embedded-oss'
import type { FaultKind } from './faults.ts'
import type { Connection } from './gateway/connection.ts'

/** One call and its outcome. */
export interface AuditEntry {
  /** Time of arrival, ISO 8601. */
  at: string
  /** Duration until the answer. */
  milliseconds: number
  host: string
  secure: boolean
  clientAddress: string
  /** E.g. `ecs:RunInstances`; empty for a call that is refused before its action is known. */
  action: string
  /** Permissions that it needs; none where it is open to everyone or was refused earlier. */
  permissions: readonly string[]
  /** `root`, `user/NAME`, `role/NAME/SESSION`, `anonymous`, or `unknown` without a valid signature. */
  caller: string
  /** Parameters of an RPC call; method, bucket and key of an OSS call. Secrets are masked. */
  parameters: Readonly<Record<string, string>>
  /** HTTP; 0 where the connection was cut. */
  status: number
  /** Of the refusal; empty for a success. */
  code: string
  /** The fault that it was subject to. */
  fault?: FaultKind
  requestId: string
}

/** Patterns that an entry has to match, all of them, with wildcards `*` and `?`. */
export interface AuditQuery {
  action?: string
  caller?: string
  host?: string
  code?: string
  /** Whether it succeeded. */
  succeeded?: boolean
}

const SECRET = /password|secret|securitytoken|oidctoken|privatekey/i
const LONGEST = 400

/** Records every call of the simulated cloud, the oldest first. */
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
   * Returns the permissions that calls needed and had, sorted; such calls may have failed later.
   *
   * @param caller Pattern. @default everyone
   */
  permissionsUsed(caller = '*'): string[] {
    const granted = this.find({ caller }).filter(({ status }) => status !== 403)
    return [...new Set(granted.flatMap(({ permissions }) => permissions))].sort()
  }

  /** Returns the total duration of calls in milliseconds. */
  millisecondsSpent(query: AuditQuery = {}): number {
    return this.find(query).reduce((sum, { milliseconds }) => sum + milliseconds, 0)
  }

  /** Removes all entries. */
  clear(): void {
    this.#entries.length = 0
  }

  /** Writes a JSON line for each entry. @throws the system's error */
  async save(path: string): Promise<void> {
    const lines = this.#entries.map((entry) => `${JSON.stringify(entry)}\n`)
    await writeFile(path, lines.join(''))
  }
}

/** Returns parameters with secrets masked and long values cut. */
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
