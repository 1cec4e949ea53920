import * as pulumi from '@pulumi/pulumi'
import { pageOrigins } from './config/page-origins.ts'
import { secretEnvironment, serverEnvironment } from './config/server-environment.ts'
import { stackConfig } from './config/stack-config.ts'
import { warnings } from './config/warnings.ts'
import { TokenSecret } from './ram/token-secret.ts'
import { Uploader } from './ram/uploader.ts'
import { packOwnRelease } from './release/pack/pack-release.ts'
import { Release } from './release/release.ts'
import { publicEndpoint } from './server/public-endpoint.ts'
import { bucketNames } from './storage/bucket-names.ts'
import { UploadBucket } from './storage/upload-bucket.ts'

const config = stackConfig()
for (const line of warnings(config)) pulumi.log.warn(line)
const { uploadDir, architecture, tags } = config
const actions = { uploadsInParts: config.largeFiles, checksUploads: config.checkUploads }
// What can fail without creating anything comes first.
const [buckets] = await Promise.all([bucketNames(config), packOwnRelease(architecture)])
const { address, createServers } = await publicEndpoint(config)

const uploads = new UploadBucket('uploads', {
  ...config,
  bucketName: buckets.uploads,
  corsOrigins: address.apply((name) => [...pageOrigins(config, name), ...config.corsOrigins]),
  expiryPrefix: uploadDir,
  uploadsInParts: config.largeFiles,
})
const { bucketName } = uploads

const keyless = config.credentials === 'instance-role'
const uploader = keyless
  ? undefined
  : new Uploader('uploader', { bucketName, uploadDir, ...actions, tags })
const token = new TokenSecret('token-secret', { dependsOn: uploads.contents })
const release = new Release('release', {
  bucketName: buckets.release,
  architecture,
  secretEnvironment: secretEnvironment(config, token.value, uploader),
  tags,
})

const environment = pulumi
  .all([bucketName, address])
  .apply(([bucket, name]) => serverEnvironment({ config, bucket, address: name }))
const signing = keyless ? { uploadBucketName: bucketName, ...actions } : {}
const servers = createServers({ manifest: release.manifest, environment, ...signing }, [
  ...uploads.safeguards,
  release,
  ...(uploader ? [uploader] : []),
])

export const OssClientAddress = servers.url
export const ApplicationServerAddress = pulumi.interpolate`${address}:80`
export const EcsInstanceId = servers.instanceId
export const EipAllocationId = servers.allocationId
export const OssBucketName = bucketName
export const EcsLoginAddress = servers.loginAddress
export const ScalingGroupId = servers.scalingGroupId
