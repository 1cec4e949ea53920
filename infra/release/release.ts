import { createHash } from 'node:crypto'
import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { Architecture } from '../placement/architecture.ts'
import type { TaggedArgs } from '../pulumi/tags.ts'
import { privateBucket } from '../storage/private-bucket.ts'
import { type ReleaseManifest, releaseManifest, type StoredFile } from './manifest.ts'
import { packFolder, packOwnApp, packOwnRuntime } from './pack/pack-release.ts'
import type { PackedFile } from './pack/packed-file.ts'
import { secretFile } from './secret-file.ts'

export interface ReleaseArgs extends TaggedArgs {
  /** Name of the bucket to create for the release. */
  bucketName: pulumi.Input<string>
  architecture: pulumi.Input<Architecture>
  /**
   * Folder to ship: `server.mjs`, which Node runs with the variables of docs/server.md, and what it
   * reads. @default the server and the page of this project
   */
  app?: pulumi.Input<string> | undefined
  /** Secret variables of the server, of those in SECRET_VARIABLES. @default none */
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

    const packedApp = pulumi
      .output(args.app)
      .apply((folder) => (folder === undefined ? packOwnApp() : packFolder(folder)))
    const app = store('app', fileKey('app', packedApp, 'tar'), {
      source: packedApp.path,
      contentType: 'application/x-tar',
    })
    const packedRuntime = pulumi.output(args.architecture).apply(packOwnRuntime)
    const runtime = store('runtime', fileKey('runtime', packedRuntime, 'tgz'), {
      source: packedRuntime.path,
      contentType: 'application/gzip',
    })
    let secrets: pulumi.Output<StoredFile> | undefined
    if (args.secretEnvironment !== undefined) {
      const content = pulumi.secret(args.secretEnvironment).apply(secretFile)
      const sha256 = pulumi.unsecret(content.apply(sha256Of))
      const name = pulumi.interpolate`secrets/${sha256}.env`
      const { key } = store('secrets', name, { content, contentType: 'text/plain' })
      secrets = pulumi.output({ key, sha256 })
    }

    this.bucketName = bucket
    this.manifest = pulumi
      .all([bucket, app.key, packedApp, runtime.key, packedRuntime, secrets])
      .apply(([bucketName, appKey, { sha256 }, runtimeKey, node, secretsFile]) =>
        releaseManifest({
          bucket: bucketName,
          app: { key: appKey, sha256 },
          runtime: { key: runtimeKey, sha256: node.sha256 },
          ...(secretsFile && { secrets: secretsFile }),
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

function sha256Of(content: string): string {
  return createHash('sha256').update(content).digest('hex')
}
