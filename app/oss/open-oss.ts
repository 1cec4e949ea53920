import type { IncomingMessage, ServerResponse } from 'node:http'
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
import { dispatch } from './dispatch.ts'
import { type CorsRule, newBucketSettings } from './store/bucket-settings.ts'
import { ObjectStore } from './store/object-store.ts'

/** A bucket to create when it does not exist. */
export interface BucketOptions {
  name: string
  /** Replaces the rules of the bucket. @default its present rules */
  corsRules?: readonly CorsRule[]
  /** @default its present setting; a new bucket blocks public access */
  blockPublicAccess?: boolean
}

/** Options of an OSS. */
export interface OssOptions {
  /** Folder of the buckets. */
  dir: string
  /** Without the `oss-` prefix. @default 'ap-southeast-1' */
  region?: string
  /** Buckets to create. @default none */
  buckets?: readonly BucketOptions[]
  keys: AccessKeys
  /** Account that owns everything. @default '1000000000000001' */
  accountId?: string
  /** Buckets by `host` or `host:port`, or by `*` for all IP addresses. @default none */
  customDomains?: Readonly<Record<string, string>>
  /** @default the system's clock */
  now?: () => Date
  /** Called for each stored object. */
  onObject?: (event: StoredEvent) => void
  /** Called for failures of the server itself. @default console.error */
  onFailure?: (error: unknown) => void
  /** Time that an application has to answer a callback. @default 5000 */
  callbackTimeoutMs?: number
  /**
   * Lets callbacks go to private and loopback addresses, which OSS refuses.
   *
   * @default false; true with `callbackAgents`, which then decide
   */
  allowPrivateCallbacks?: boolean
  /** Agents for connections to applications. @default those of Node */
  callbackAgents?: CallbackAgents
  /**
   * Hosts that requests may name, without a port; `*.NAME` stands for all names below NAME. Others get 421.
   *
   * @default all
   */
  allowedHosts?: readonly string[]
  /** Called for each call before it is authorised. An error that it throws is the response. */
  onCall?: (event: CallEvent) => void | Promise<void>
  /** Called for each refused call with the code of its error. */
  onRefusal?: (request: IncomingMessage, code: string) => void
  /** Buckets beyond those of this service. @default none */
  account?: Account
}

/** An OSS that answers requests of any HTTP server. */
export interface Oss {
  /**
   * Answers one request. Never throws.
   *
   * @param connection @default what the socket knows
   */
  handle(request: IncomingMessage, response: ServerResponse, connection?: Connection): Promise<void>
  store: ObjectStore
  /** PEM of the key that verifies callbacks. */
  callbackPublicKey: string
  /** Adds a custom domain. See `OssOptions.customDomains`. */
  bindDomain(name: string, bucket: string): void
}

/** Opens a folder as an OSS. @throws the system's error when the folder cannot be used */
export async function openOss(options: OssOptions): Promise<Oss> {
  const { region = 'ap-southeast-1', now = () => new Date() } = options
  const store = await ObjectStore.open(options.dir)
  for (const bucket of options.buckets ?? []) await prepareBucket(store, bucket, region, now())
  const customDomains = new Map<string, string>()
  const bindDomain = (name: string, bucket: string): void => {
    customDomains.set(name.toLowerCase(), bucket)
  }
  for (const [name, bucket] of Object.entries(options.customDomains ?? {})) bindDomain(name, bucket)
  const { callbackAgents, allowPrivateCallbacks = callbackAgents !== undefined } = options
  const sender = new CallbackSender({
    ...(options.callbackTimeoutMs === undefined ? {} : { timeoutMs: options.callbackTimeoutMs }),
    ...(callbackAgents ? { agents: callbackAgents } : {}),
    allowPrivate: allowPrivateCallbacks,
  })
  const service: Service = {
    store,
    region,
    accountId: options.accountId ?? '1000000000000001',
    now,
    onObject: options.onObject ?? (() => {}),
    onCall: options.onCall ?? (() => {}),
    account: options.account ?? { bucketsElsewhere: () => [], isTaken: () => false },
    allowPrivateCallbacks,
    sendCallback: (upload) => sender.send(upload, `${upload.bucket}.oss-${region}.aliyuncs.com`),
    authoriseRead: (call, bucket, key) => authorise(call, 'oss:GetObject', bucket, key),
  }
  const dispatchOptions = {
    service,
    names: { region, customDomains },
    keys: options.keys,
    ...(options.allowedHosts ? { allowedHosts: options.allowedHosts } : {}),
    onRefusal: options.onRefusal ?? (() => {}),
    onFailure: options.onFailure ?? console.error,
  }
  return {
    handle: (request, response, connection = connectionOf(request)) =>
      dispatch(request, response, connection, dispatchOptions),
    store,
    callbackPublicKey: sender.publicKey,
    bindDomain,
  }
}

async function prepareBucket(
  store: ObjectStore,
  { name, corsRules, blockPublicAccess }: BucketOptions,
  region: string,
  now: Date,
): Promise<void> {
  await store.save({
    ...(store.find(name)?.settings ?? newBucketSettings(name, region, now)),
    ...(corsRules ? { cors: { rules: [...corsRules], responseVary: false } } : {}),
    ...(blockPublicAccess === undefined ? {} : { blockPublicAccess }),
  })
}
