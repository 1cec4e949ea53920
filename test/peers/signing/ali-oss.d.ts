/** The parts of the official SDK that the peer tests call; it carries no types of its own. */
declare module 'ali-oss' {
  interface Options {
    accessKeyId: string
    accessKeySecret: string
    stsToken?: string
    region: string
    bucket: string
    authorizationV4?: boolean
    secure?: boolean
    endpoint?: string
    cname?: boolean
    /** Path style. */
    sldEnable?: boolean
    agent?: import('node:http').Agent
    httpsAgent?: import('node:https').Agent
  }
  interface Result {
    res: { status: number; headers: Record<string, string> }
  }
  type Query = Record<string, string | number>
  interface Listed extends Result {
    objects: { name: string; size: number }[]
    prefixes: string[] | null
    nextContinuationToken?: string | null
  }
  class OSS {
    constructor(options: Options)
    signPostObjectPolicyV4(policy: string | object, date: Date): string
    calculatePostSignature(policy: string | object): {
      OSSAccessKeyId: string
      Signature: string
      policy: string
    }
    authorizationV4(
      method: string,
      request: { headers: Record<string, string>; queries: Record<string, string | null> },
      bucketName?: string,
      objectName?: string,
      additionalHeaders?: string[],
    ): string
    signatureUrlV4(
      method: string,
      expires: number,
      request?: { headers?: Record<string, string>; queries?: Record<string, string | null> },
      objectName?: string,
      additionalHeaders?: string[],
    ): Promise<string>
    signatureUrl(name: string, options: { expires: number }): string
    putBucket(name: string): Promise<Result>
    deleteBucket(name: string): Promise<Result>
    listBuckets(query: Query): Promise<{ buckets: { name: string; region: string }[] | null }>
    put(name: string, content: Buffer, options?: object): Promise<Result>
    head(name: string): Promise<Result & { meta: Record<string, string> }>
    get(name: string, options?: object): Promise<Result & { content: Buffer }>
    delete(name: string): Promise<Result>
    deleteMulti(names: string[]): Promise<{ deleted?: { Key: string }[] }>
    list(query: Query): Promise<Listed>
    listV2(query: Query): Promise<Listed>
    multipartUpload(name: string, path: string, options: object): Promise<Result>
    initMultipartUpload(name: string): Promise<{ uploadId: string }>
    uploadPart(
      name: string,
      uploadId: string,
      number: number,
      path: string,
      start: number,
      end: number,
    ): Promise<Result>
    listParts(
      name: string,
      uploadId: string,
    ): Promise<{ parts: { PartNumber: string; Size: string }[] }>
    listUploads(query: Query): Promise<{ uploads: { name: string }[] }>
    abortMultipartUpload(name: string, uploadId: string): Promise<Result>
    uploadPartCopy(
      name: string,
      uploadId: string,
      number: number,
      range: string,
      source: { sourceKey: string; sourceBucketName: string },
    ): Promise<{ etag: string }>
    completeMultipartUpload(
      name: string,
      uploadId: string,
      parts: { number: number; etag: string }[],
    ): Promise<Result>
    copy(name: string, source: string): Promise<Result>
    append(
      name: string,
      content: Buffer,
      options?: { position: string },
    ): Promise<{ nextAppendPosition: string }>
    getObjectMeta(name: string): Promise<Result>
    putObjectTagging(name: string, tags: Record<string, string>): Promise<Result>
    getObjectTagging(name: string): Promise<{ tag: Record<string, string> }>
    deleteObjectTagging(name: string): Promise<Result>
    putSymlink(name: string, target: string, options: object): Promise<Result>
    getSymlink(name: string): Promise<{ targetName: string }>
    getBucketStat(name: string): Promise<{ stat: { ObjectCount: string } }>
    getBucketInfo(name: string): Promise<{ bucket: { Name: string } }>
    putACL(name: string, acl: string): Promise<Result>
    getACL(name: string): Promise<{ acl: string }>
  }
  export default OSS
}
