import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { Architecture } from '../placement/architecture.ts'
import type { TaggedArgs } from '../pulumi/tags.ts'
import { privateBucket } from '../storage/private-bucket.ts'
import { environmentFile } from './environment-file.ts'
import { type ReleaseManifest, releaseManifest } from './manifest.ts'
import { packOwnApp, packOwnRuntime } from './pack/pack-release.ts'
import type { PackedFile } from './pack/packed-file.ts'

export interface ReleaseArgs extends TaggedArgs {
  /** Name of the bucket to create for the release. */
  bucketName: pulumi.Input<string>
  architecture: pulumi.Input<Architecture>
  /** Variables of the server's environment that user data must not contain. @default none */
  secretEnvironment?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/**
 * The built app and a pinned Node in a private bucket, with the server's secret variables. Objects
 * are named after their content: an update on another machine changes nothing as long as the content
 * is the same, and a new object is stored before the old one is deleted.
 *
 * Preview and update build the app and download Node; a failure ends them with a UserError.
 */
export class Release extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>
  /** Known once everything that it names is stored. */
  readonly manifest: pulumi.Output<ReleaseManifest>

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:Release', name, {}, opts)
    const parent = { parent: this }
    // The name comes from the policy, so that nothing is stored before the bucket is private.
    const { bucket } = privateBucket(name, args, parent).policy
    const store = (
      role: string,
      key: pulumi.Input<string>,
      content: Pick<alicloud.oss.BucketObjectArgs, 'source' | 'content' | 'contentType'>,
    ): alicloud.oss.BucketObject =>
      new alicloud.oss.BucketObject(
        `${name}-${role}`,
        { bucket, key, acl: 'private', serverSideEncryption: 'AES256', ...content },
        // `source` is a path of this machine. Another content means another key, which replaces the
        // object, and a replacement uses the new path.
        { ...parent, ignoreChanges: ['source'] },
      )

    const packedApp = pulumi.output(packOwnApp())
    const app = store('app', fileKey('app', packedApp, 'tar'), {
      source: packedApp.path,
      contentType: 'application/x-tar',
    })
    const packedRuntime = pulumi.output(args.architecture).apply(packOwnRuntime)
    const runtime = store('runtime', fileKey('runtime', packedRuntime, 'tgz'), {
      source: packedRuntime.path,
      contentType: 'application/gzip',
    })
    let secrets: alicloud.oss.BucketObject | undefined
    if (args.secretEnvironment !== undefined) {
      const content = pulumi
        .secret(args.secretEnvironment)
        .apply((variables) => `# Read by systemd\n${environmentFile(variables)}`)
      const key = pulumi.unsecret(content.apply(secretKey))
      secrets = store('secrets', key, { content, contentType: 'text/plain' })
    }

    this.bucketName = bucket
    this.manifest = pulumi
      .all([bucket, app.key, packedApp, runtime.key, packedRuntime, secrets?.key])
      .apply(([bucketName, appKey, { sha256 }, runtimeKey, node, secretsKey]) =>
        releaseManifest({
          bucket: bucketName,
          app: { key: appKey, sha256 },
          runtime: { key: runtimeKey, sha256: node.sha256 },
          ...(secretsKey === undefined ? {} : { secrets: { key: secretsKey } }),
        }),
      )
    this.registerOutputs({ bucketName: this.bucketName, manifest: this.manifest })
  }
}

function fileKey(
  folder: string,
  file: pulumi.Output<PackedFile>,
  extension: string,
): pulumi.Output<string> {
  return file.sha256.apply((sha256) => `${folder}/${sha256}.${extension}`)
}

/** Slow on purpose: the key is public, and some secrets are short enough to be guessed from a hash. */
async function secretKey(content: string): Promise<string> {
  const digest = (await promisify(scrypt)(content, 'oss-direct-upload', 16)) as Buffer
  return `secrets/${digest.toString('hex')}.env`
}
