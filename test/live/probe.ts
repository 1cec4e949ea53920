import type { Credentials } from '@oss-direct-upload/signing'

/** What a probe can use: a stack that is up, and both keys. */
export interface LiveStack {
  /** Name of the stack, which is part of the names of its resources. */
  name: string
  region: string
  /** Bucket for uploads. */
  bucket: string
  /** Key prefix that the server's key may write to, with a slash at its end. */
  dir: string
  /** The key that the server signs with: it may put objects below `dir`, nothing else. */
  uploader: Credentials
  /** The deployer's key. */
  deployer: Credentials
}

/** A question that no public source settles, and how to ask it. */
export interface Probe {
  /** As in the tables of `unconfirmed.md`. */
  question: string
  /** What the simulation answers. */
  expected: string
  /** Returns the answer of the cloud. It removes what it has made, but for objects of the stack's bucket. */
  ask: (stack: LiveStack) => Promise<string>
}
