import { relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
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
}

/**
 * Whatever is in a bucket: created, it does nothing; deleted, it empties the bucket, however many
 * objects and unfinished multipart uploads there are, and says how far it is. The provider's own
 * `forceDestroy` gives up after a few thousand objects, and at unfinished uploads. It works with the
 * keys that the provider takes from configuration, environment or a CLI profile; with credentials of
 * another kind it leaves the bucket to `forceDestroy`, and says so.
 *
 * It is a dynamic resource, so that a plain `pulumi destroy`, which does not run the program, does it.
 */
export class BucketContents extends pulumi.dynamic.Resource {
  constructor(name: string, args: BucketContentsArgs, opts?: pulumi.CustomResourceOptions) {
    super(provider(emptyingFolder()), name, { ...args }, opts, undefined, 'BucketContents')
  }
}

/** Relative to the project, as it goes into the stack's state, which other machines read too. */
function emptyingFolder(): string {
  const folder = fileURLToPath(new URL('./emptying', import.meta.url))
  return relative(process.cwd(), folder).split(sep).join('/')
}

// The engine keeps these functions as text: they may use nothing but what they import themselves.
function provider(folder: string): pulumi.dynamic.ResourceProvider<State, State> {
  const configured: { config?: pulumi.dynamic.Config } = {}
  return {
    async configure({ config }) {
      configured.config = config
    },
    async create(inputs) {
      return { id: inputs.bucket, outs: inputs }
    },
    async diff(_id, olds, news) {
      const changed = (['bucket', 'region'] as const).filter((name) => olds[name] !== news[name])
      return { changes: changed.length > 0, replaces: changed }
    },
    async delete(_id, { bucket, region }) {
      const { resolve } = await import('node:path')
      const { pathToFileURL } = await import('node:url')
      const load = (file: string) => import(pathToFileURL(resolve(folder, file)).href)
      const { deployerCredentials } = await load('deployer-credentials.ts')
      const credentials = await deployerCredentials((name: string) =>
        configured.config?.get(`alicloud:${name}`),
      )
      if (!credentials) {
        console.log(`${bucket}: no access key to empty it with, so that is left to the provider`)
        return
      }
      const { emptyBucket } = await load('empty-bucket.ts')
      await emptyBucket({ bucket, region, credentials }, console.log)
    },
  }
}
