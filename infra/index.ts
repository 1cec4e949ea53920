import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { AppServer } from './app-server.ts'
import { askCloud } from './ask-cloud.ts'
import { stackConfig } from './config.ts'
import { Network } from './network.ts'
import { chooseMachine } from './on-sale.ts'
import { loginAddress, whenServing } from './readiness.ts'
import { Release } from './release.ts'
import { stackBucketName } from './resource-names.ts'
import { secretEnvironment, serverEnvironment } from './server-environment.ts'
import { UploadBucket } from './upload-bucket.ts'
import { Uploader } from './uploader.ts'
import { warnings } from './warnings.ts'

const config = stackConfig()
for (const line of warnings(config)) pulumi.log.warn(line)
const { region, architecture, uploadDir, allowedCidrs, sshCidrs, bandwidth, password } = config
const { id: account } = await askCloud('whose account it is', alicloud.getAccount())
const { zoneId, ...machine } = await chooseMachine(config)
const tags = { project: pulumi.getProject(), stack: pulumi.getStack(), ...config.tags }

const keepZone = config.zoneId === undefined
const network = new Network('network', {
  zoneId,
  keepZone,
  allowedCidrs,
  sshCidrs,
  bandwidth,
  tags,
})
const { address, vswitchId, securityGroupId, allocationId } = network
const url = pulumi.interpolate`http://${address}`

const uploads = new UploadBucket('uploads', {
  region,
  bucketName: config.bucketName ?? stackBucketName(account, region, 'uploads'),
  corsOrigins: [url, ...config.corsOrigins],
  objectExpiryDays: config.objectExpiryDays,
  expiryPrefix: uploadDir,
  tags,
})
const { bucketName } = uploads
const keyless = config.credentials === 'instance-role'
const uploader = keyless ? undefined : new Uploader('uploader', { bucketName, uploadDir, tags })

const release = new Release('release', {
  bucketName: stackBucketName(account, region, 'release'),
  architecture,
  secretEnvironment: secretEnvironment(config, uploader),
  tags,
})
const { manifest } = release
const environment = pulumi
  .all([bucketName, address, manifest.id])
  .apply(([bucket, ip, id]) => serverEnvironment({ config, bucket, address: ip, release: id }))
const place = { region, architecture, vswitchId, securityGroupId, allocationId }
const rights = keyless ? { uploadBucketName: bucketName, uploadDir } : {}
const server = new AppServer(
  'server',
  { ...place, ...machine, ...rights, manifest, environment, password, tags },
  { dependsOn: [network, uploads, release, ...(uploader ? [uploader] : [])] },
)

const minutes = config.readyMinutes
const instanceId = server.reachableInstanceId
export const OssClientAddress = whenServing({
  url,
  release: manifest.id,
  region,
  instanceId,
  allowedCidrs,
  minutes,
})
export const ApplicationServerAddress = pulumi.interpolate`${address}:80`
export const EcsInstanceId = server.instanceId
export const EipAllocationId = allocationId
export const OssBucketName = bucketName
export const EcsLoginAddress = server.instanceId.apply((id) => loginAddress(region, id))
