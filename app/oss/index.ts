/** An OSS on a folder, for demos and tests: the protocol of OSS, strictly checked. */
export type { AccessKey, AccessKeys } from './access/access-key.ts'
export { type ConditionBlock, conditionsHold } from './access/policy-condition.ts'
export {
  type AccessRequest,
  evaluatePolicies,
  type PolicyStatement,
  parseRamPolicy,
  type RamPolicy,
} from './access/ram-policy.ts'
export { matchesWildcard } from './access/wildcard.ts'
export type { Account, CallEvent, Connection, StoredEvent } from './call.ts'
export type { CallbackAgents } from './callback/callback-sender.ts'
export { printableKey } from './cli/printable-key.ts'
export { startErrorText } from './cli/start-error.ts'
export { type EmbeddedOss, type EmbeddedOssOptions, startEmbeddedOss } from './embedded-oss.ts'
export { type ErrorKind, OssError } from './errors/oss-error.ts'
export { type BucketOptions, type Oss, type OssOptions, openOss } from './open-oss.ts'
export type { BucketSettings, CorsRule } from './store/bucket-settings.ts'
export type { BucketStore } from './store/bucket-store.ts'
export { FolderInUseError } from './store/folder-lock.ts'
export { objectPath } from './store/object-path.ts'
export type { Bucket, ObjectStore } from './store/object-store.ts'
