import * as pulumi from '@pulumi/pulumi'
import { AppServer } from './app-server.ts'
import { bucketNames } from './bucket-names.ts'
import { stackConfig } from './config.ts'
import { Network } from './network.ts'
import { chooseMachine } from './on-sale.ts'
import { pageOrigins } from './page-addresses.ts'
import { Release } from './release.ts'
import { secretEnvironment, serverEnvironment } from './server-environment.ts'
import { TokenSecret } from './token-secret.ts'
import { UploadBucket } from './upload-bucket.ts'
import { Uploader } from './uploader.ts'
import { warnings } from './warnings.ts'

const config = stackConfig()
for (const line of warnings(config)) pulumi.log.warn(line)
const { uploadDir, largeFiles: uploadsInParts, architecture, tags } = config
const buckets = await bucketNames(config)
const { zoneId, keepZone, ...machine } = await chooseMachine(config)

const network = new Network('network', { ...config, zoneId, keepZone })
const { address, vswitchId, securityGroupId, allocationId } = network

const uploads = new UploadBucket('uploads', {
  ...config,
  bucketName: buckets.uploads,
  corsOrigins: address.apply((ip) => [...pageOrigins(config, ip), ...config.corsOrigins]),
  expiryPrefix: uploadDir,
  uploadsInParts,
})
const { bucketName } = uploads

const keyless = config.credentials === 'instance-role'
const target = { uploadDir, uploadsInParts, tags }
const uploader = keyless ? undefined : new Uploader('uploader', { bucketName, ...target })
const release = new Release('release', {
  bucketName: buckets.release,
  architecture,
  secretEnvironment: secretEnvironment(config, new TokenSecret('token-secret').value, uploader),
  tags,
})

const environment = pulumi
  .all([bucketName, address])
  .apply(([bucket, ip]) => serverEnvironment({ config, bucket, address: ip }))
const place = { vswitchId, securityGroupId, allocationId, address, architecture, ...machine }
const signing = keyless ? { uploadBucketName: bucketName, ...target } : {}
const server = new AppServer(
  'server',
  { ...config, ...place, manifest: release.manifest, environment, ...signing },
  { dependsOn: [network, uploads, release, ...(uploader ? [uploader] : [])] },
)

export const OssClientAddress = server.url
export const ApplicationServerAddress = pulumi.interpolate`${address}:80`
export const EcsInstanceId = server.instanceId
export const EipAllocationId = allocationId
export const OssBucketName = bucketName
export const EcsLoginAddress = server.loginAddress
