import * as pulumi from '@pulumi/pulumi'
import { AppServer } from './app-server.ts'
import { bucketNames } from './bucket-names.ts'
import { stackConfig } from './config.ts'
import { Network } from './network.ts'
import { chooseMachine } from './on-sale.ts'
import { Release } from './release.ts'
import { secretEnvironment, serverEnvironment } from './server-environment.ts'
import { UploadBucket } from './upload-bucket.ts'
import { Uploader } from './uploader.ts'
import { warnings } from './warnings.ts'

const config = stackConfig()
for (const line of warnings(config)) pulumi.log.warn(line)
const { region, uploadDir, architecture, password, readyMinutes, tags } = config
const buckets = await bucketNames(config)
const { zoneId, keepZone, ...machine } = await chooseMachine(config)

const { allowedCidrs, sshCidrs, bandwidth } = config
const opened = { allowedCidrs, sshCidrs, bandwidth }
const network = new Network('network', { zoneId, keepZone, ...opened, tags })
const { address, vswitchId, securityGroupId, allocationId } = network

const uploads = new UploadBucket('uploads', {
  region,
  bucketName: buckets.uploads,
  corsOrigins: [pulumi.interpolate`http://${address}`, ...config.corsOrigins],
  objectExpiryDays: config.objectExpiryDays,
  expiryPrefix: uploadDir,
  tags,
})
const { bucketName } = uploads

const keyless = config.credentials === 'instance-role'
const uploader = keyless ? undefined : new Uploader('uploader', { bucketName, uploadDir, tags })
const release = new Release('release', {
  bucketName: buckets.release,
  architecture,
  ...secretEnvironment(config, uploader),
  tags,
})
const { manifest } = release

const environment = pulumi
  .all([bucketName, address])
  .apply(([bucket, ip]) => serverEnvironment({ config, bucket, address: ip }))
const place = { vswitchId, securityGroupId, allocationId, address, architecture, ...machine }
const signing = keyless ? { uploadBucketName: bucketName, uploadDir } : {}
const server = new AppServer(
  'server',
  { region, ...place, manifest, environment, ...signing, password, readyMinutes, tags },
  { dependsOn: [network, uploads, release, ...(uploader ? [uploader] : [])] },
)

export const OssClientAddress = server.url
export const ApplicationServerAddress = pulumi.interpolate`${address}:80`
export const EcsInstanceId = server.instanceId
export const EipAllocationId = allocationId
export const OssBucketName = bucketName
export const EcsLoginAddress = server.loginAddress
