import type { Credentials } from '@oss-direct-upload/signing'
import { z } from 'zod'
import { RequestError } from '../http/errors.ts'

export interface InstanceRoleOptions {
  /** Name of the RAM role. @default the role attached to the instance */
  role?: string
  /** Origin of the metadata service. @default 'http://100.100.100.200' */
  metadata?: string
  /** Timeout of one request to the metadata service. @default 2000 */
  timeoutMs?: number
  /** Clock. @default the system's */
  now?: () => Date
}

/** Thrown when the metadata service returns no credentials; the message contains nothing of them. */
export class MetadataError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MetadataError'
  }
}

type TemporaryCredentials = Required<Credentials>

const SECOND_MS = 1000
const HOUR_MS = 3600 * SECOND_MS
/** With less lifetime left than that, requests wait for new credentials. */
const URGENT_MS = 60 * SECOND_MS

const responseSchema = z.object({
  Code: z.literal('Success').optional(),
  AccessKeyId: z.string().min(1),
  AccessKeySecret: z.string().min(1),
  SecurityToken: z.string().min(1),
  Expiration: z.iso.datetime(),
})

/**
 * Temporary credentials of the instance's RAM role, from the ECS metadata service in its hardened
 * mode, where every request carries a token. They are cached, and refreshed in the background after
 * an hour or half of their remaining lifetime, whichever is shorter.
 *
 * Source: "Access other cloud services by instance RAM role" and "Instance metadata", Alibaba Cloud
 * ECS documentation.
 */
export class InstanceRoleCredentials {
  readonly #options: InstanceRoleOptions
  #current: TemporaryCredentials | undefined
  #refreshing: Promise<void> | undefined
  #nextRefresh = 0
  #failure: unknown
  #report: (error: unknown) => void = () => {}

  constructor(options: InstanceRoleOptions = {}) {
    this.#options = options
  }

  /**
   * Fetches credentials before the first request.
   *
   * @param report Called with a MetadataError when the service starts to fail
   */
  start(report: (error: unknown) => void): void {
    this.#report = report
    this.#refresh(this.#time())
  }

  /**
   * Returns credentials that have not expired.
   *
   * @throws RequestError CredentialsUnavailable with its cause when there are none
   */
  async get(): Promise<Credentials> {
    const now = this.#time()
    if (now >= this.#nextRefresh) this.#refresh(now)
    if (this.#leftMs() < URGENT_MS) await this.#refreshing
    if (this.#current !== undefined && this.#leftMs() > 0) return this.#current
    throw new RequestError('CredentialsUnavailable', undefined, { cause: this.#failure })
  }

  #time(): number {
    return (this.#options.now?.() ?? new Date()).getTime()
  }

  #leftMs(): number {
    return this.#current === undefined ? 0 : this.#current.expiration.getTime() - this.#time()
  }

  #refresh(now: number): void {
    // Set first, so that only one refresh runs at a time.
    this.#nextRefresh = Number.POSITIVE_INFINITY
    this.#refreshing = this.#fetch()
      .then((credentials) => {
        this.#current = credentials
        this.#failure = undefined
        this.#nextRefresh = now + clamp(this.#leftMs() / 2, 5 * SECOND_MS, HOUR_MS)
      })
      .catch((error: unknown) => {
        if (this.#failure === undefined) this.#report(error)
        this.#failure = error
        this.#nextRefresh = this.#time() + clamp(this.#leftMs() / 10, SECOND_MS, 60 * SECOND_MS)
      })
      .finally(() => {
        this.#refreshing = undefined
      })
  }

  async #fetch(): Promise<TemporaryCredentials> {
    const token = await this.#read('PUT', '/latest/api/token', {
      'X-aliyun-ecs-metadata-token-ttl-seconds': '60',
    })
    const headers = { 'X-aliyun-ecs-metadata-token': token }
    const roles = '/latest/meta-data/ram/security-credentials/'
    const role = this.#options.role ?? (await this.#read('GET', roles, headers)).split('\n')[0]
    const text = await this.#read('GET', `${roles}${encodeURIComponent(role ?? '')}`, headers)
    const parsed = responseSchema.safeParse(json(text))
    if (!parsed.success) {
      throw new MetadataError(`The metadata service has no credentials of the role ${role}`)
    }
    const expiration = new Date(parsed.data.Expiration)
    if (expiration.getTime() <= this.#time()) {
      throw new MetadataError(
        `The credentials of the role ${role} ended at ${parsed.data.Expiration}, by this machine's clock`,
      )
    }
    return {
      accessKeyId: parsed.data.AccessKeyId,
      accessKeySecret: parsed.data.AccessKeySecret,
      securityToken: parsed.data.SecurityToken,
      expiration,
    }
  }

  async #read(
    method: 'GET' | 'PUT',
    path: string,
    headers: Record<string, string>,
  ): Promise<string> {
    const { metadata = 'http://100.100.100.200', timeoutMs = 2 * SECOND_MS } = this.#options
    let response: Response
    try {
      response = await fetch(new URL(path, metadata), {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
      })
      if (response.ok) return await response.text()
    } catch (cause) {
      throw new MetadataError(`The metadata service does not answer at ${metadata}`, { cause })
    }
    await response.body?.cancel()
    if (response.status === 404 && method === 'GET') {
      const which = this.#options.role === undefined ? 'No role' : `No role ${this.#options.role}`
      throw new MetadataError(`${which} is attached to this instance`)
    }
    throw new MetadataError(`The metadata service answered ${response.status} to ${method} ${path}`)
  }
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(Math.max(min, value), max)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
