import { RunError } from '@pulumi/pulumi'

/**
 * An error for the person who deploys, shown without a stack trace. Pulumi prepends the name of a
 * resource's input, sometimes repeatedly, to the message of a RunError that reaches it there; the
 * message of this one stays as it is.
 */
export class UserError extends RunError {
  constructor(message: string) {
    super(message)
    Object.defineProperty(this, 'message', { get: () => message, set: () => {} })
  }
}
