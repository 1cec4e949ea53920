import { expect, test } from 'vitest'
import { file, results, select, upload } from '../../browser/visit.ts'
import { whyNoMachine } from '../machine/host.ts'
import { wentWell } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

const reason = whyNoMachine()

test.skipIf(reason)(
  'an internal endpoint that is down at the first boot only delays it',
  async () => {
    const { cloud, room, project } = await bootedCloud()
    await room.setOutage('internal-endpoint', true)
    const up = project.up()
    await expect.poll(() => room.instanceIds.length, { timeout: 300_000, interval: 500 }).toBe(1)
    const [instanceId = ''] = room.instanceIds
    await expect
      .poll(() => room.record(instanceId), { timeout: 120_000, interval: 1000 })
      .toContain('cannot be reached: timed out; trying again')
    await room.setOutage('internal-endpoint', false)
    wentWell(await up)
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()

    // Running, it does without the inside of the cloud, and without room on its disk.
    const shell = new InstanceShell(room, instanceId)
    const visitor = new Visitor(room.visitorNamespace)
    await room.setOutage('metadata', true)
    await room.setOutage('internal-endpoint', true)
    await room.exec(instanceId, ['sh', '-c', 'cat /dev/zero > /var/full'])
    expect(await shell.run('df --output=avail / | tail -1')).toMatch(/^ *0\n$/)
    const browser = await visitorBrowser(room.visitorNamespace, cloud.certificate)
    const page = await browser.newPage({ locale: 'en-US' })
    const stored = await uploadByPage(page, address, [file('a.txt', 'a')])
    expect(await storedObjects(cloud, bucket)).toEqual(stored)
    await room.machine(instanceId).reboot()
    expect(await visitor.untilAnswer(`${address}/healthz`)).toContain('"ok"')
    await browser.close()
    wentWell(await project.destroy())
    expect(await cloud.leftovers()).toEqual([])
  },
)

test.skipIf(reason)(
  'a clock that is 20 minutes late is said, and the release comes all the same',
  async () => {
    const { cloud, room, project } = await bootedCloud()
    room.conditions.clockOffsetSeconds = -1200
    wentWell(await project.up())
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
    const [instanceId = ''] = room.instanceIds
    expect(await room.record(instanceId)).toMatch(
      /The clock is 1(199|200|201) seconds behind that of OSS; its time is taken/,
    )
    const browser = await visitorBrowser(room.visitorNamespace, cloud.certificate)
    const page = await browser.newPage({ locale: 'en-US' })
    // What it signs has ended before it is used; the page says so, and the bucket stays empty.
    await page.goto(address)
    await select(page, [file('a.txt', 'a')])
    await upload(page)
    expect((await results(page, 1))[0]).toMatch(
      /^failed: a\.txt: The signing server’s clock is off: tell its operator to set it\. /,
    )
    expect(await storedObjects(cloud, bucket)).toEqual({})
    await browser.close()
    wentWell(await project.destroy())
    expect(await cloud.leftovers()).toEqual([])
  },
)

test.skipIf(reason)(
  'a disk without room for the release fails the update, and says where to look',
  async () => {
    const { cloud, room, project } = await bootedCloud({ config: { readyMinutes: 1 } })
    room.conditions.diskBytes = 96 * 1024 ** 2
    const failed = await project.up()
    expect(failed.code).not.toBe(0)
    expect(failed.output).toContain('The page does not answer at http://')
    expect(failed.output).toContain('journalctl -u oss-direct-upload')
    const [instanceId = ''] = room.instanceIds
    expect(await room.record(instanceId)).toContain('The server cannot start: the disk is full')
    wentWell(await project.destroy())
    expect(await cloud.leftovers()).toEqual([])
  },
)
