import * as pulumi from '@pulumi/pulumi'

interface State {
  value: string
}

/**
 * The key of the tokens that tie callbacks and parts to their forms and uploads. Without one the
 * server would derive it from its access key, or generate one at each start when it has none. This
 * key is generated once, so that uploads in progress survive a restart of the server, a new instance
 * and a rotation of the access key.
 *
 * It stays the same as long as the stack exists; `pulumi up --replace` with its URN generates another.
 */
export class TokenSecret extends pulumi.dynamic.Resource {
  /** 32 random bytes in base64url. A Pulumi secret. */
  declare readonly value: pulumi.Output<string>

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    const options = pulumi.mergeOptions(opts, { additionalSecretOutputs: ['value'] })
    super(provider(), name, { value: undefined }, options, undefined, 'TokenSecret')
  }
}

/*
 * The engine stores these functions as text in the stack's state: they can use nothing but what they
 * import themselves. None of them runs from the state, so a text that differs is no change.
 */
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
