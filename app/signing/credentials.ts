/** An access key: long-lived (a RAM user's) or temporary (with a security token, from STS). */
export interface Credentials {
  accessKeyId: string
  accessKeySecret: string
  /** Sent with every signature made with temporary credentials. */
  securityToken?: string
  /** When temporary credentials expire, and with them everything that they signed. */
  expiration?: Date
}
