import { z } from 'zod'
import type { Credentials } from '../signing/index.ts'
import { RequestError } from './http/request-error.ts'

export interface InstanceRoleOptions {
  /** Name of the RAM role. @default the one that is attached to the instance */
  role?: string
  /** Origin of the metadata service. @default 'http://100.100.100.200' */
  metadata?: string
  /** Milliseconds that the metadata service may take for one answer. @default 2000 */
  patience?: number
  /** Clock. @default the system's */
  now?: () => Date
}

/** Why the metadata service gave no credentials, as a sentence; nothing of them is in it. */
export class MetadataError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'MetadataError'
  }
}

type Temporary = Required<Credentials>

const SECOND = 1000
const HOUR = 3600 * SECOND
/** What is left of credentials when new ones are worth waiting for. */
const URGENT = 60 * SECOND

const answer = z.object({
  Code: z.literal('Success').optional(),
  AccessKeyId: z.string().min(1),
  AccessKeySecret: z.string().min(1),
  SecurityToken: z.string().min(1),
  Expiration: z.iso.datetime(),
})

/**
 * The temporary credentials of the instance's RAM role, from the ECS metadata service in its hardened
 * mode, where every read carries a token. They are kept, and looked for anew after an hour or half
 * their remaining life, whichever is shorter, while the old ones go on being used.
 *
 * Source: "Access other cloud services by instance RAM role" and "Instance metadata", Alibaba Cloud
 * ECS documentation.
 */
export class InstanceRoleCredentials {
  readonly #options: InstanceRoleOptions
  #known: Temporary | undefined
  #looking: Promise<void> | undefined
  #nextLook = 0
  #failure: unknown
  #report: (error: unknown) => void = () => {}

  constructor(options: InstanceRoleOptions = {}) {
    this.#options = options
  }

  /**
   * Looks for credentials before anybody asks for them.
   *
   * @param report Told once when the service starts to fail, with a MetadataError
   */
  start(report: (error: unknown) => void): void {
    this.#report = report
    this.#look(this.#time())
  }

  /**
   * Credentials that are still good.
   *
   * @throws RequestError CredentialsUnavailable when there are none; its cause says why
   */
  async get(): Promise<Credentials> {
    const now = this.#time()
    if (now >= this.#nextLook) this.#look(now)
    if (this.#left() < URGENT) await this.#looking
    if (this.#known !== undefined && this.#left() > 0) return this.#known
    throw new RequestError('CredentialsUnavailable', undefined, { cause: this.#failure })
  }

  #time(): number {
    return (this.#options.now?.() ?? new Date()).getTime()
  }

  #left(): number {
    return this.#known === undefined ? 0 : this.#known.expiration.getTime() - this.#time()
  }

  #look(now: number): void {
    // Set first, so that one look is under way at a time.
    this.#nextLook = Number.POSITIVE_INFINITY
    this.#looking = this.#fetch()
      .then((found) => {
        this.#known = found
        this.#failure = undefined
        this.#nextLook = now + between(5 * SECOND, this.#left() / 2, HOUR)
      })
      .catch((error: unknown) => {
        if (this.#failure === undefined) this.#report(error)
        this.#failure = error
        this.#nextLook = this.#time() + between(SECOND, this.#left() / 10, 60 * SECOND)
      })
      .finally(() => {
        this.#looking = undefined
      })
  }

  async #fetch(): Promise<Temporary> {
    const token = await this.#read('PUT', '/latest/api/token', {
      'X-aliyun-ecs-metadata-token-ttl-seconds': '60',
    })
    const headers = { 'X-aliyun-ecs-metadata-token': token }
    const roles = '/latest/meta-data/ram/security-credentials/'
    const role = this.#options.role ?? (await this.#read('GET', roles, headers)).split('\n')[0]
    const text = await this.#read('GET', `${roles}${encodeURIComponent(role ?? '')}`, headers)
    const found = answer.safeParse(json(text))
    if (!found.success) {
      throw new MetadataError(`The metadata service has no credentials of the role ${role}`)
    }
    const expiration = new Date(found.data.Expiration)
    if (expiration.getTime() <= this.#time()) {
      throw new MetadataError(
        `The credentials of the role ${role} ended at ${found.data.Expiration}, by this machine's clock`,
      )
    }
    return {
      accessKeyId: found.data.AccessKeyId,
      accessKeySecret: found.data.AccessKeySecret,
      securityToken: found.data.SecurityToken,
      expiration,
    }
  }

  async #read(
    method: 'GET' | 'PUT',
    path: string,
    headers: Record<string, string>,
  ): Promise<string> {
    const { metadata = 'http://100.100.100.200', patience = 2 * SECOND } = this.#options
    let response: Response
    try {
      response = await fetch(new URL(path, metadata), {
        method,
        headers,
        redirect: 'error',
        signal: AbortSignal.timeout(patience),
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

function between(least: number, wished: number, most: number): number {
  return Math.min(Math.max(least, wished), most)
}

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
