import * as pulumi from '@pulumi/pulumi'

export interface BucketContentsArgs {
  /** Name of the bucket. */
  bucket: pulumi.Input<string>
  /** Without the `oss-` prefix. */
  region: pulumi.Input<string>
}

interface State {
  bucket: string
  region: string
  /** The text of the functions below; Pulumi adds it to the inputs. */
  __provider?: string
}

/**
 * The contents of a bucket: creating it does nothing, deleting it empties the bucket and reports the
 * progress, however many objects and unfinished multipart uploads there are. The provider's own
 * `forceDestroy` gives up after a few thousand objects and at unfinished uploads. It uses the
 * credentials of the provider; without any it leaves the bucket to `forceDestroy` and says so.
 *
 * It is a dynamic resource, because a plain `pulumi destroy` does not run the program.
 */
export class BucketContents extends pulumi.dynamic.Resource {
  constructor(name: string, args: BucketContentsArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider(), name, { ...args }, opts, undefined, 'BucketContents')
  }
}

/*
 * The engine stores these functions as text in the property `__provider` of the stack's state, and
 * `delete` runs from there: they can use nothing but what they import themselves. A text that differs
 * counts as a change, so that `pulumi up` stores the new one; an output that `update` does not return
 * would be lost.
 */
function provider(): pulumi.dynamic.ResourceProvider<State, State> {
  const configured: { config?: pulumi.dynamic.Config } = {}
  return {
    async configure({ config }) {
      configured.config = config
    },
    async create(inputs) {
      return { id: inputs.bucket, outs: inputs }
    },
    async diff(_id, olds, news) {
      const replaces = (['bucket', 'region'] as const).filter((name) => olds[name] !== news[name])
      return { changes: replaces.length > 0 || olds.__provider !== news.__provider, replaces }
    },
    async update(_id, _olds, news) {
      return { outs: news }
    },
    async delete(_id, { bucket, region }) {
      const { createRequire } = await import('node:module')
      const { join } = await import('node:path')
      // From the program's folder: the engine's plugin runs these functions elsewhere.
      const load = createRequire(join(process.cwd(), 'package.json'))
      const program = '@oss-direct-upload/infra/delete-contents'
      try {
        load.resolve(program)
      } catch {
        throw new Error(
          `${bucket}: the package @oss-direct-upload/infra is missing, which empties this bucket. ` +
            'Run "npm install", then "pulumi destroy" again',
        )
      }
      const { deleteContents } = load(program)
      const setting = (name: string) => configured.config?.get(`alicloud:${name}`)
      await deleteContents({ bucket, region, setting }, console.log)
    },
  }
}
