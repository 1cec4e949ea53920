/** An OSS on a folder, for demos and tests: the real protocol, strictly checked. */
export type { AccessKey, AccessKeys } from './access/access-key.ts'
export type { PolicyStatement, RamPolicy } from './access/ram-policy.ts'
export type { Account, CallEvent, Connection, StoredEvent } from './call.ts'
export {
  type BucketOptions,
  type EmbeddedOss,
  type EmbeddedOssOptions,
  type Oss,
  type OssOptions,
  openOss,
  startEmbeddedOss,
} from './embedded-oss.ts'
export type { CorsRule } from './http/cors.ts'
export { FolderInUseError } from './store/folder-lock.ts'
