import {
  ComponentResource,
  type ComponentResourceOptions,
  type Input,
  type Output,
} from '@pulumi/pulumi'

/** Of the instance, as Alibaba Cloud writes it. */
export type Architecture = 'x86_64' | 'arm64'

/** An object of the release bucket. */
export interface StoredFile {
  key: string
  /** Of the object's bytes, lower-case hex. */
  sha256: string
}

/** What an instance fetches at its first start; nothing in it is secret. */
export interface ReleaseManifest {
  bucket: string
  /** The server and the page: an uncompressed tar. */
  app: StoredFile
  /** Node, as its npm package: a gzipped tar with `package/bin/node`. */
  runtime: StoredFile
  /** The secret part of the server's environment; absent when it has none. */
  secrets?: { key: string }
  /** Names the release; the server tells it at `GET /healthz`. */
  id: string
}

export interface ReleaseArgs {
  /** Name of the bucket to make for the release. */
  bucketName: Input<string>
  architecture: Input<Architecture>
  /** Variables of the server's environment that user data must not hold. @default none */
  secretEnvironment?: Input<Record<string, Input<string>>>
  tags?: Input<Record<string, Input<string>>>
}

/** The built app and a pinned Node in a private bucket, named by what they contain. */
export class Release extends ComponentResource {
  declare readonly bucketName: Output<string>
  declare readonly manifest: Output<ReleaseManifest>

  constructor(name: string, args: ReleaseArgs, opts?: ComponentResourceOptions) {
    super('oss-upload:index:Release', name, args, opts)
    throw new Error('Not there yet')
  }
}
