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
    super(provider(programFile()), name, { ...args }, opts, undefined, 'BucketContents')
  }
}

/** Relative to the project's folder, because other machines read the state, too. */
function programFile(): string {
  const file = fileURLToPath(new URL('./emptying/delete-contents.ts', import.meta.url))
  return relative(process.cwd(), file).split(sep).join('/')
}

/*
 * The engine stores these functions as text in the property `__provider` of the stack's state, and
 * `delete` runs from there: they can use nothing but what they import themselves. A text that differs
 * counts as a change, so that `pulumi up` stores the new one; an output that `update` does not return
 * would be lost.
 */
function provider(file: string): pulumi.dynamic.ResourceProvider<State, State> {
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
      const { existsSync } = await import('node:fs')
      const { resolve } = await import('node:path')
      const { pathToFileURL } = await import('node:url')
      const path = resolve(file)
      if (!existsSync(path)) {
        throw new Error(
          `${bucket}: ${file} is missing, which empties this bucket. ` +
            'Run "pulumi up" with this checkout, then "pulumi destroy" again',
        )
      }
      const { deleteContents } = await import(pathToFileURL(path).href)
      const setting = (name: string) => configured.config?.get(`alicloud:${name}`)
      await deleteContents({ bucket, region, setting }, console.log)
    },
  }
}
