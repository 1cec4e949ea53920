/** Stores account, certificate and failed attempts, in a folder and optionally in a bucket. */
export { BucketStore, type BucketStoreOptions } from './bucket-store.ts'
export type { FailedAttempt } from './documents.ts'
export { FolderStore } from './folder-store.ts'
export type { HttpsLog } from './log.ts'
export { type CertificateSpec, ReplicatedStore } from './replicated-store.ts'
