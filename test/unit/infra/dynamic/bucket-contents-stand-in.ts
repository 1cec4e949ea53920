import * as pulumi from '@pulumi/pulumi'
import type { BucketContentsArgs } from '../../../../infra/storage/bucket-contents.ts'

/** Registers what the dynamic resource registers, without its functions. */
export class BucketContents extends pulumi.CustomResource {
  constructor(name: string, args: BucketContentsArgs, opts?: pulumi.CustomResourceOptions) {
    super('pulumi-nodejs:dynamic:BucketContents', name, { ...args }, opts)
  }
}
