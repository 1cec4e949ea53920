/** The key that signs: long-lived (a RAM user's) or temporary (with a security token, from STS). */
export interface Credentials {
  accessKeyId: string
  accessKeySecret: string
  /** Sent beside every signature made with temporary credentials. */
  securityToken?: string
  /** When temporary credentials end, and everything signed with them. */
  expiration?: Date
}
