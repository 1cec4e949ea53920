import { RunError } from '@pulumi/pulumi'

/**
 * A failure for the person who deploys to read. Pulumi shows a RunError without its stack, but writes
 * into the message of one that reaches it in a resource's input which input that was, over and over;
 * this sentence stays as it is.
 */
export class UserError extends RunError {
  constructor(sentence: string) {
    super(sentence)
    Object.defineProperty(this, 'message', { get: () => sentence, set: () => {} })
  }
}
