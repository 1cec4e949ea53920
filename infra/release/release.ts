import { scrypt } from 'node:crypto'
import { promisify } from 'node:util'
import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import type { Architecture } from '../placement/architecture.ts'
import { denyWithoutTls, policyDocument } from '../ram/policy-document.ts'
import { environmentFile } from './environment-file.ts'
import { type ReleaseManifest, releaseManifest } from './manifest.ts'
import { packOwnApp, packOwnRuntime } from './pack/pack-release.ts'
import type { PackedFile } from './pack/packed-file.ts'

export interface ReleaseArgs {
  /** Name of the bucket to make for the release. */
  bucketName: pulumi.Input<string>
  architecture: pulumi.Input<Architecture>
  /** Variables of the server's environment that user data must not hold. @default none */
  secretEnvironment?: pulumi.Input<Record<string, pulumi.Input<string>>>
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/**
 * The built app and a pinned Node in a private bucket, with the server's secret variables. Objects
 * are named by what they contain: nothing changes as long as that does not, on whatever machine, and
 * what takes the place of an object is stored before the old one is deleted.
 *
 * Preview and update build the app and get Node; when that fails they end with a sentence.
 */
export class Release extends pulumi.ComponentResource {
  readonly bucketName: pulumi.Output<string>
  /** Known once everything it names is stored. */
  readonly manifest: pulumi.Output<ReleaseManifest>

  constructor(name: string, args: ReleaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super('oss-direct-upload:index:Release', name, {}, opts)
    const bucket = this.#bucket(name, args)
    const store = (
      role: string,
      key: pulumi.Input<string>,
      what: Pick<alicloud.oss.BucketObjectArgs, 'source' | 'content' | 'contentType'>,
    ): alicloud.oss.BucketObject =>
      new alicloud.oss.BucketObject(
        `${name}-${role}`,
        { bucket, key, acl: 'private', serverSideEncryption: 'AES256', ...what },
        // A path of this machine; what is behind it has its digest in the key, which replaces the
        // object, and an object that is replaced takes the new path.
        { parent: this, ignoreChanges: ['source'] },
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

  /** Returns the bucket's name, known once nobody else can read what will be in it. */
  #bucket(name: string, args: ReleaseArgs): pulumi.Output<string> {
    const parent = { parent: this }
    const bucket = new alicloud.oss.Bucket(
      `${name}-bucket`,
      {
        bucket: args.bucketName,
        forceDestroy: true,
        ...(args.tags === undefined ? {} : { tags: args.tags }),
      },
      // A resource of its own holds it; refreshed, the bucket sees it and would remove it.
      { ...parent, ignoreChanges: ['policy'] },
    )
    const acl = new alicloud.oss.BucketAcl(
      `${name}-acl`,
      { bucket: bucket.bucket, acl: 'private' },
      parent,
    )
    const block = new alicloud.oss.BucketPublicAccessBlock(
      `${name}-public-access-block`,
      { bucket: bucket.bucket, blockPublicAccess: true },
      { ...parent, dependsOn: acl },
    )
    const policy = new alicloud.oss.BucketPolicy(
      `${name}-policy`,
      {
        bucket: bucket.bucket,
        policy: bucket.bucket.apply((bucketName) => policyDocument(denyWithoutTls(bucketName))),
      },
      { ...parent, dependsOn: block },
    )
    return policy.bucket
  }
}

function fileKey(
  folder: string,
  file: pulumi.Output<PackedFile>,
  extension: string,
): pulumi.Output<string> {
  return file.sha256.apply((sha256) => `${folder}/${sha256}.${extension}`)
}

/** Slow on purpose: the key is no secret, and some secrets are short enough to be guessed. */
async function secretKey(content: string): Promise<string> {
  const digest = (await promisify(scrypt)(content, 'oss-direct-upload', 16)) as Buffer
  return `secrets/${digest.toString('hex')}.env`
}
