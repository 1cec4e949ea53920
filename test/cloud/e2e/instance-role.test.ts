import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { whyNoMachine } from '../machine/host.ts'
import { wentWell } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'

const reason = whyNoMachine()
const SECONDS = 150

test.skipIf(reason)(
  'the credentials of a role rotate under load, the metadata service fails for a minute',
  async () => {
    // They are exchanged after half of this.
    const { cloud, room, project } = await bootedCloud({
      config: { credentials: 'instance-role', signaturesPerMinute: 100_000 },
      cloud: { instanceCredentialSeconds: 120 },
    })
    wentWell(await project.up())
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
    await expect(project.accessKey()).rejects.toThrow('The stack has no access key')
    const visitor = new Visitor(room.visitorNamespace)
    const { SSL_CERT_FILE: certificateFile = '' } = cloud.environment()
    const uploading = visitor.goOnUploading(address, SECONDS, certificateFile)
    await sleep(70_000)
    await room.setOutage('metadata', true)
    await sleep(60_000)
    await room.setOutage('metadata', false)
    const { stored, failures, keyIds } = await uploading
    const count = Object.keys(stored).length
    console.log(`${count} uploads in ${SECONDS} s, signed with ${keyIds.length} keys of the role`)
    expect(failures).toEqual([])
    expect(count).toBeGreaterThan(SECONDS)
    expect(keyIds.length).toBeGreaterThanOrEqual(3)
    expect(keyIds.every((id) => id.startsWith('STS.'))).toBe(true)
    expect(await storedObjects(cloud, bucket)).toEqual(stored)

    // No secret of the role is in a log, nor on the disk.
    const [instanceId = ''] = room.instanceIds
    const credentials = cloud.roleCredentials(instanceId)
    const shell = new InstanceShell(room, instanceId)
    expect(await shell.filesWith(credentials?.AccessKeySecret ?? '')).toEqual([])
    expect(await room.record(instanceId)).not.toContain(credentials?.SecurityToken)

    wentWell(await project.destroy())
    expect(await cloud.leftovers()).toEqual([])
    expect(cloud.failures).toEqual([])
  },
)
