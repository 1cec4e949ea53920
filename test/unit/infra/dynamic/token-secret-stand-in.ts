import * as pulumi from '@pulumi/pulumi'

/** Registers what the dynamic resource registers, without its functions. */
export class TokenSecret extends pulumi.CustomResource {
  declare readonly value: pulumi.Output<string>

  constructor(name: string, opts?: pulumi.CustomResourceOptions) {
    super('pulumi-nodejs:dynamic:TokenSecret', name, { value: undefined }, opts)
  }
}
