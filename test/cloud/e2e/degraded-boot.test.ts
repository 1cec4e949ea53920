import { expect, test } from 'vitest'
import { file, results, select, upload } from '../../browser/page-actions.ts'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

const reason = whyNoMachine()

test.skipIf(reason)('an outage of the internal endpoint delays the first boot', async () => {
  const { cloud, datacenter, project } = await bootedCloud()
  await datacenter.setOutage('internal-endpoint', true)
  const up = project.up()
  await expect
    .poll(() => datacenter.machines.ids.length, { timeout: 300_000, interval: 500 })
    .toBe(1)
  const [instanceId = ''] = datacenter.machines.ids
  await expect
    .poll(() => datacenter.machines.log(instanceId), { timeout: 120_000, interval: 1000 })
    .toContain('cannot be reached: timed out; retrying')
  await datacenter.setOutage('internal-endpoint', false)
  expectSuccess(await up)
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()

  // Once running, the server needs neither the internal endpoints nor free disk space.
  const shell = new InstanceShell(datacenter, instanceId)
  const visitor = new Visitor(datacenter.visitorNamespace)
  await datacenter.setOutage('metadata', true)
  await datacenter.setOutage('internal-endpoint', true)
  await datacenter.machines.get(instanceId).exec(['sh', '-c', 'cat /dev/zero > /var/full'])
  expect(await shell.run('df --output=avail / | tail -1')).toMatch(/^ *0\n$/)
  const browser = await visitorBrowser(datacenter.visitorNamespace, cloud.certificate)
  const page = await browser.newPage({ locale: 'en-US' })
  const stored = await uploadByPage(page, address, [file('a.txt', 'a')])
  expect(await storedObjects(cloud, bucket)).toEqual(stored)
  await datacenter.machines.get(instanceId).reboot()
  expect(await visitor.waitForAnswer(`${address}/healthz`)).toContain('"ok"')
  await browser.close()
  await destroyCleanly(cloud, project)
})

test.skipIf(reason)(
  'a clock that is 20 minutes slow is reported and does not stop the release',
  async () => {
    const { cloud, datacenter, project } = await bootedCloud()
    datacenter.machines.conditions.clockOffsetSeconds = -1200
    expectSuccess(await project.up())
    const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
    const [instanceId = ''] = datacenter.machines.ids
    expect(await datacenter.machines.log(instanceId)).toMatch(
      /The clock is 1(199|200|201) seconds behind that of OSS; using the time of OSS/,
    )
    const browser = await visitorBrowser(datacenter.visitorNamespace, cloud.certificate)
    const page = await browser.newPage({ locale: 'en-US' })
    // Its signatures have expired when they are used; the page says so.
    await page.goto(address)
    await select(page, [file('a.txt', 'a')])
    await upload(page)
    expect((await results(page, 1))[0]).toMatch(
      /^failed: a\.txt: The signing server’s clock is wrong\. Ask its operator to set it\. /,
    )
    expect(await storedObjects(cloud, bucket)).toEqual({})
    await browser.close()
    await destroyCleanly(cloud, project)
  },
)

test.skipIf(reason)(
  'a disk that is too small fails the update with a hint where to look',
  async () => {
    const { cloud, datacenter, project } = await bootedCloud({ config: { readyMinutes: 1 } })
    datacenter.machines.conditions.diskBytes = 96 * 1024 ** 2
    const failed = await project.up()
    expect(failed.code).not.toBe(0)
    expect(failed.output).toContain('The page does not answer at http://')
    expect(failed.output).toContain('journalctl -u oss-direct-upload')
    const [instanceId = ''] = datacenter.machines.ids
    expect(await datacenter.machines.log(instanceId)).toContain(
      'The server cannot start: the disk is full',
    )
    await destroyCleanly(cloud, project)
  },
)
