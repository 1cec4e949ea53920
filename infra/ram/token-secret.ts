import * as pulumi from '@pulumi/pulumi'

interface State {
  value: string
}

/**
 * The key of the tokens that tie callbacks and parts to the forms and uploads they belong to. The
 * server would derive one from its access key, or make one up at each start when it has none. This
 * one is made once: what is under way goes on when the server starts again, when an instance takes
 * the place of another, and when the access key is rotated.
 *
 * It stays the same for as long as the stack exists; `pulumi up --replace` with its URN makes another.
 */
export class TokenSecret extends pulumi.dynamic.Resource {
  /** 32 random bytes in base64url. A Pulumi secret. */
  declare readonly value: pulumi.Output<string>

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    const secret = { additionalSecretOutputs: ['value'] }
    const options = pulumi.mergeOptions(opts, secret)
    super(provider(), name, { value: undefined }, options, undefined, 'TokenSecret')
  }
}

// The engine keeps these functions as text: they may use nothing but what they import themselves.
function provider(): pulumi.dynamic.ResourceProvider<Partial<State>, State> {
  return {
    async create() {
      const { randomBytes } = await import('node:crypto')
      return { id: 'token-secret', outs: { value: randomBytes(32).toString('base64url') } }
    },
    async diff() {
      return { changes: false }
    },
  }
}
