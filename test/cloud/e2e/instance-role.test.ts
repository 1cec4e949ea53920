import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'

const reason = whyNoMachine()
const SECONDS = 150

test.skipIf(reason)(
  'uploads continue while role credentials rotate and the metadata service fails for a minute',
  async () => {
    // The server renews credentials after half of their lifetime.
    const { cloud, datacenter, project } = await bootedCloud({
      config: { credentials: 'instance-role', signaturesPerMinute: 100_000 },
      cloud: { instanceCredentialSeconds: 120 },
    })
    expectSuccess(await project.up())
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
    await expect(project.accessKey()).rejects.toThrow('The stack has no access key')
    const visitor = new Visitor(datacenter.visitorNamespace)
    const { SSL_CERT_FILE: certificateFile = '' } = cloud.environment()
    const uploading = visitor.uploadContinuously(address, SECONDS, certificateFile)
    await sleep(70_000)
    await datacenter.setOutage('metadata', true)
    await sleep(60_000)
    await datacenter.setOutage('metadata', false)
    const { stored, failures, keyIds } = await uploading
    const count = Object.keys(stored).length
    console.log(`${count} uploads in ${SECONDS} s, signed with ${keyIds.length} keys of the role`)
    expect(failures).toEqual([])
    expect(count).toBeGreaterThan(SECONDS)
    expect(keyIds.length).toBeGreaterThanOrEqual(3)
    expect(keyIds.every((id) => id.startsWith('STS.'))).toBe(true)
    expect(await storedObjects(cloud, bucket)).toEqual(stored)

    // Neither log nor disk contains the role's secrets.
    const [instanceId = ''] = datacenter.machines.ids
    const credentials = cloud.roleCredentials(instanceId)
    const shell = new InstanceShell(datacenter, instanceId)
    expect(await shell.filesWith(credentials?.AccessKeySecret ?? '')).toEqual([])
    expect(await datacenter.machines.log(instanceId)).not.toContain(credentials?.SecurityToken)

    await destroyCleanly(cloud, project)
  },
)
