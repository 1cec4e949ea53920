import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isIPv6 } from 'node:net'
import { GracefulShutdown } from '../process/graceful-shutdown.ts'
import { listen } from '../process/listen.ts'
import type { AccessKeys } from './access/access-key.ts'
import { authorise } from './access/authorise.ts'
import {
  type Account,
  type CallEvent,
  type Connection,
  connectionOf,
  type Service,
  type StoredEvent,
} from './call.ts'
import { type CallbackAgents, CallbackSender } from './callback/callback-sender.ts'
import { type DispatchOptions, dispatch } from './dispatch.ts'
import type { CorsRule } from './http/cors.ts'
import { lockFolder } from './store/folder-lock.ts'
import { ObjectStore } from './store/object-store.ts'
import { sweepUploads } from './store/upload-sweeper.ts'

/** A bucket that is to be there. */
export interface BucketOptions {
  name: string
  /** Replaces the bucket's rules. @default those it has */
  corsRules?: readonly CorsRule[]
  /** @default what it has; a new bucket blocks public access */
  blockPublicAccess?: boolean
}

export interface OssOptions {
  /** Folder that the buckets are in. */
  dir: string
  /** Without the `oss-` prefix. @default 'ap-southeast-1' */
  region?: string
  /** Made when they are not there. @default none */
  buckets?: readonly BucketOptions[]
  keys: AccessKeys
  /** The account that owns everything. @default '1000000000000001' */
  accountId?: string
  /** `host` or `host:port`, `*` for every bare address, and its bucket. @default none */
  customDomains?: Readonly<Record<string, string>>
  /** Clock. @default the system's */
  now?: () => Date
  /** Told of each object that was stored. */
  onObject?: (event: StoredEvent) => void
  /** Told of failures that are not the client's. @default console.error */
  onFailure?: (error: unknown) => void
  /** Milliseconds that an application may take to answer a callback. @default 5000 */
  callbackDeadlineMs?: number
  /** Connect to applications that are called back. @default Node's */
  callbackAgents?: CallbackAgents
  /** Told of each call before it is authorised; what it throws is the answer. */
  onCall?: (event: CallEvent) => void | Promise<void>
  /** Told of each call that is refused, with the code that it is told. */
  onRefusal?: (request: IncomingMessage, code: string) => void
  /** What else the account and the bucket namespace hold. @default nothing */
  account?: Account
}

export interface EmbeddedOssOptions extends OssOptions {
  /** @default 0, a free one */
  port?: number
  /** @default '127.0.0.1' */
  host?: string
  /** Bucket that is also reached by the bare address that the server listens on. @default none */
  bucketOfAddress?: string
  /** Milliseconds of silence after which a connection is cut. @default 60_000 */
  idleMs?: number
  /** Days after which a multipart upload that was never completed is removed. @default 7 */
  unfinishedDays?: number
  /** Milliseconds that requests in flight get once `close` is called. @default 10_000 */
  closeWithinMs?: number
}

/** An OSS that waits for requests from a server of somebody else's. */
export interface Oss {
  /**
   * Answers one request; never throws.
   *
   * @param connection How the request came. @default as its socket says
   */
  handle(request: IncomingMessage, response: ServerResponse, connection?: Connection): Promise<void>
  store: ObjectStore
  /** PEM of the key that callbacks are signed with. */
  callbackPublicKey: string
  /** Lets another name stand for a bucket. */
  bindDomain(name: string, bucket: string): void
}

/** A running embedded OSS. */
export interface EmbeddedOss {
  port: number
  /** `http://BUCKET.localhost:PORT`; browsers and most systems know that name as loopback. */
  origin(bucket: string): string
  store: ObjectStore
  /** PEM of the key that callbacks are signed with. */
  callbackPublicKey: string
  /**
   * Ends idle connections at once, lets requests in flight end, and cuts those that are stuck; what
   * is cut leaves nothing behind. Every call returns the same promise.
   */
  close(): Promise<void>
}

/** Opens a folder to be served as OSS does. @throws the system's error when it cannot be used */
export async function openOss(options: OssOptions): Promise<Oss> {
  const { region = 'ap-southeast-1', keys } = options
  const store = await ObjectStore.open(options.dir)
  const now = options.now ?? (() => new Date())
  for (const bucket of options.buckets ?? []) await prepare(store, bucket, region, now())
  const customDomains = new Map(
    Object.entries(options.customDomains ?? {}).map(([name, bucket]) => [
      name.toLowerCase(),
      bucket,
    ]),
  )
  const sender = new CallbackSender(undefined, options.callbackDeadlineMs, options.callbackAgents)
  const service: Service = {
    store,
    region,
    accountId: options.accountId ?? '1000000000000001',
    now,
    onObject: options.onObject ?? (() => {}),
    onCall: options.onCall ?? (() => {}),
    account: options.account ?? { bucketsElsewhere: () => [], isTaken: () => false },
    sendCallback: (upload) => sender.send(upload, `${upload.bucket}.oss-${region}.aliyuncs.com`),
    mayRead: (call, bucket, key) => authorise(call, 'oss:GetObject', bucket, key),
  }
  const onFailure = options.onFailure ?? console.error
  const dispatchOptions: DispatchOptions = {
    service,
    names: { region, customDomains },
    keys,
    onRefusal: options.onRefusal ?? (() => {}),
    onFailure,
  }
  return {
    handle: (request, response, connection = connectionOf(request)) =>
      dispatch(request, response, connection, dispatchOptions),
    store,
    callbackPublicKey: sender.publicKey,
    bindDomain: (name, bucket) => void customDomains.set(name.toLowerCase(), bucket),
  }
}

/**
 * Serves a folder as OSS does. The port is taken first, so that a second start that cannot have it
 * does not touch what the first is serving.
 *
 * @throws ListenError when the port cannot be listened on
 * @throws FolderInUseError when another process serves the folder
 * @throws the system's error when the folder cannot be used
 */
export async function startEmbeddedOss(options: EmbeddedOssOptions): Promise<EmbeddedOss> {
  const { host = '127.0.0.1' } = options
  const opened = Promise.withResolvers<Oss>()
  // A failure is thrown below, whether a request waits for it or not.
  opened.promise.catch(() => {})
  const answers = new Set<Promise<void>>()
  const server = createServer()
  const shutdown = new GracefulShutdown(server)
  server.on('request', (request, response) => {
    shutdown.track(response)
    const answer = opened.promise.then(
      (oss) => oss.handle(request, response),
      () => void response.destroy(),
    )
    answers.add(answer)
    void answer.finally(() => answers.delete(answer))
  })
  // A large file on a slow line takes its time, as long as something arrives.
  server.requestTimeout = 0
  server.timeout = options.idleMs ?? 60_000
  const port = await listen(server, options.port ?? 0, host)
  let unlock = async (): Promise<void> => {}
  let endSweeping = (): void => {}
  let closed: Promise<void> | undefined
  const close = (): Promise<void> => {
    endSweeping()
    closed ??= shutdown
      .close(options.closeWithinMs ?? 10_000)
      .then(() => Promise.all(answers))
      .then(() => unlock())
    return closed
  }
  try {
    unlock = await lockFolder(options.dir)
    const oss = await openOss(options)
    const { unfinishedDays = 7, now = () => new Date(), onFailure = console.error } = options
    endSweeping = await sweepUploads(oss.store, unfinishedDays, now, onFailure)
    if (options.bucketOfAddress !== undefined) {
      const everyAddress = host === '0.0.0.0' || host === '::'
      // Clients leave the port out where it is the usual one.
      const address = `${isIPv6(host) ? `[${host}]` : host}${port === 80 ? '' : `:${port}`}`
      oss.bindDomain(everyAddress ? '*' : address, options.bucketOfAddress)
    }
    opened.resolve(oss)
    const { store, callbackPublicKey } = oss
    return {
      port,
      origin: (bucket) => `http://${bucket}.localhost:${port}`,
      store,
      callbackPublicKey,
      close,
    }
  } catch (error) {
    opened.reject(error)
    await close()
    throw error
  }
}

async function prepare(
  store: ObjectStore,
  { name, corsRules, blockPublicAccess }: BucketOptions,
  region: string,
  now: Date,
): Promise<void> {
  const before = store.find(name)?.settings ?? {
    name,
    region,
    created: now.toISOString(),
    acl: 'private' as const,
    storageClass: 'Standard',
    dataRedundancyType: 'LRS',
    blockPublicAccess: true,
    documents: {},
  }
  await store.save({
    ...before,
    ...(corsRules ? { cors: { rules: [...corsRules], responseVary: false } } : {}),
    ...(blockPublicAccess === undefined ? {} : { blockPublicAccess }),
  })
}
