/** Signed requests to one bucket. */
export {
  BucketClient,
  type BucketClientOptions,
  BucketError,
  type BucketRequest,
} from './bucket-client.ts'
