import type { IncomingMessage, ServerResponse } from 'node:http'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type AccessKey,
  type BucketSettings,
  type CallbackAgents,
  type CallEvent,
  type Oss,
  OssError,
  openOss,
} from '@oss-direct-upload/embedded-oss'
import type { Audit } from '../audit.ts'
import type { FaultRule, Faults } from '../faults.ts'
import type { Connection } from '../gateway/connection.ts'
import type { Credentials } from '../sts/credentials.ts'

export interface ObjectStorageOptions {
  /** Folder for the buckets of every region. */
  dir: string
  accountId: string
  credentials: Credentials
  audit: Audit
  faults: Faults
  now(): number
  /** Bucket names of other accounts. */
  takenBuckets: ReadonlySet<string>
  /** Whether data in mainland buckets can be accessed by public endpoints. */
  mainlandDataIsPublic: boolean
  /** Called with errors of the simulation itself. */
  onFailure(error: unknown): void
  /** Agents for callbacks. */
  callbackAgents: CallbackAgents | undefined
}

/** Calls on the contents of a bucket. */
const OF_DATA = new Set(
  ['GetObject', 'PutObject', 'DeleteObject', 'GetObjectAcl', 'PutObjectAcl', 'ListObjects']
    .concat(['ListObjectVersions', 'ListMultipartUploads', 'ListParts', 'AbortMultipartUpload'])
    .map((name) => `oss:${name}`),
)

interface Progress {
  connection: Connection
  response: ServerResponse
  event?: CallEvent
  code: string
  fault?: FaultRule
}

/** OSS of one account: a service for each region, opened at its first call. */
export class ObjectStorage {
  readonly #options: ObjectStorageOptions
  readonly #regions = new Map<string, Promise<Oss>>()
  /** Those of `#regions` that are ready. */
  readonly #ready = new Map<string, Oss>()
  readonly #progress = new WeakMap<IncomingMessage, Progress>()

  constructor(options: ObjectStorageOptions) {
    this.#options = options
  }

  /** The service of a region. */
  region(region: string): Promise<Oss> {
    let oss = this.#regions.get(region)
    if (!oss) {
      oss = this.#open(region)
      this.#regions.set(region, oss)
    }
    return oss
  }

  /** Answers one request; never throws. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
    region: string,
  ): Promise<void> {
    const record = this.#options.audit.start(connection, this.#options.now())
    const progress: Progress = { connection, response, code: '' }
    this.#progress.set(request, progress)
    const done = new Promise<void>((resolve) => response.once('close', resolve))
    try {
      const oss = await this.region(region)
      await oss.handle(request, response, connection)
      await done
    } catch (error) {
      this.#options.onFailure(error)
      response.destroy()
    }
    const { event, code, fault } = progress
    record({
      action: event?.action ?? '',
      permissions: event ? [event.action] : [],
      caller: this.#nameOf(event),
      parameters: {
        method: request.method ?? '',
        ...(event ? { bucket: event.bucket, key: event.key } : {}),
      },
      status: fault?.kind === 'lost-response' ? 0 : response.statusCode,
      code,
      ...(fault ? { fault: fault.kind } : {}),
      requestId: String(response.getHeader('x-oss-request-id') ?? ''),
    })
  }

  /** Lists what is left, a line for each bucket. */
  async leftovers(): Promise<string[]> {
    const left: string[] = []
    for (const oss of this.#ready.values()) {
      for (const { settings, objects, uploads } of oss.store.list()) {
        const counted = await countObjects(objects)
        const begun = await uploads.list()
        const parts = await Promise.all(begun.map(({ uploadId }) => uploads.parts(uploadId)))
        left.push(
          `OSS bucket ${settings.name} (${settings.region}): ${counted} objects, ${begun.length} unfinished uploads with ${parts.flat().length} parts`,
        )
      }
    }
    return left.sort()
  }

  async #open(region: string): Promise<Oss> {
    const { dir, accountId, now, takenBuckets, onFailure, callbackAgents } = this.#options
    const oss = await openOss({
      dir: join(dir, region),
      region,
      accountId,
      now: () => new Date(now()),
      keys: (id) => this.#key(id),
      onCall: (event) => this.#meet(event),
      onRefusal: (request, code) => {
        const progress = this.#progress.get(request)
        if (progress) progress.code = code
      },
      account: {
        bucketsElsewhere: () => this.#bucketsElsewhere(region),
        isTaken: (bucket) => takenBuckets.has(bucket),
      },
      onFailure,
      ...(callbackAgents ? { callbackAgents } : {}),
    })
    this.#ready.set(region, oss)
    return oss
  }

  #bucketsElsewhere(region: string): BucketSettings[] {
    return [...this.#ready]
      .filter(([other]) => other !== region)
      .flatMap(([, oss]) => oss.store.list().map(({ settings }) => settings))
  }

  #key(id: string): AccessKey | undefined {
    const credential = this.#options.credentials.find(id, this.#options.now())
    if (!credential?.active) return undefined
    const { accessKeyId, accessKeySecret, securityToken, expiration, caller } = credential
    return {
      accessKeyId,
      accessKeySecret,
      principalId:
        caller.kind === 'role' ? caller.arn.replace('acs:ram:', 'arn:sts:') : caller.principalId,
      ...(securityToken === undefined ? {} : { securityToken }),
      ...(expiration === undefined ? {} : { expiration: new Date(expiration) }),
      ...(caller.policies === undefined ? {} : { policies: caller.policies }),
    }
  }

  async #meet(event: CallEvent): Promise<void> {
    const progress = this.#progress.get(event.request)
    if (!progress) return
    progress.event = event
    const { host } = progress.connection
    if (!this.#options.mainlandDataIsPublic && OF_DATA.has(event.action) && isMainland(host)) {
      throw new OssError('publicEndpointForbidden')
    }
    const fault = this.#options.faults.next({ action: event.action, host })
    if (!fault) return
    progress.fault = fault
    if (fault.kind === 'delay') await sleep(fault.milliseconds ?? 1000)
    if (fault.kind === 'lost-response') cutAtAnswer(event.request, progress.response)
    if (fault.kind === 'throttle') throw new OssError('tooManyRequests')
    if (fault.kind === 'unavailable') throw new OssError('serviceUnavailable')
    if (fault.kind === 'internal') throw new OssError('internalError')
    if (fault.kind === 'refuse') throw new OssError('accessDeniedByRam')
  }

  #nameOf(event: CallEvent | undefined): string {
    if (!event) return 'unknown'
    if (event.accessKeyId === undefined) return 'anonymous'
    const credential = this.#options.credentials.find(event.accessKeyId, this.#options.now())
    return credential?.caller.name ?? 'unknown'
  }
}

// Internal endpoints stay available.
function isMainland(host: string): boolean {
  return /oss-cn-(?!hongkong)[a-z0-9]+\.aliyuncs\.com$/.test(host)
}

// Carries out the call, but never sends its answer.
function cutAtAnswer(request: IncomingMessage, response: ServerResponse): void {
  response.writeHead = () => {
    request.socket.destroy()
    return response
  }
}

async function countObjects(objects: Awaited<ReturnType<Oss['store']['save']>>['objects']) {
  let [count, startAfter] = [0, '']
  for (;;) {
    const page = await objects.list({ max: 1000, startAfter })
    count += page.objects.length
    if (page.next === undefined) return count
    startAfter = page.next
  }
}
