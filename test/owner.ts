/** The key of the account that owns the buckets of an embedded OSS in tests. */
export const OWNER = { accessKeyId: 'LTAI', accessKeySecret: 'secret' }
