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
  }
  class OSS {
    constructor(options: Options)
    signPostObjectPolicyV4(policy: string | object, date: Date): string
    calculatePostSignature(policy: string | object): {
      OSSAccessKeyId: string
      Signature: string
      policy: string
    }
    signatureUrlV4(
      method: string,
      expires: number,
      request?: { headers?: Record<string, string>; queries?: Record<string, string | null> },
      objectName?: string,
      additionalHeaders?: string[],
    ): Promise<string>
  }
  export default OSS
}
