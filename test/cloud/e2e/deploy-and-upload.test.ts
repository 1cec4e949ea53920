import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { file } from '../../browser/page-actions.ts'
import { memoryLimits } from '../machine/cgroups.ts'
import { whyNoMachine } from '../machine/host.ts'
import { destroyCleanly, expectSuccess } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { exceedMemory } from './memory-limit.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

/** The server, and the DHCP client at port 68. */
const LISTENING = [
  'tcp *:80 oss-direct-upload.service',
  'udp 192.168.0.*:68 systemd-networkd.service',
]

const reason = whyNoMachine()
if (reason !== undefined) console.log(`SKIPPED: the stack was not booted, because ${reason}`)

test.skipIf(reason)('deploy, upload, reboot, destroy: the account is empty again', async () => {
  const { cloud, datacenter, project } = await bootedCloud()
  const { milliseconds, output } = expectSuccess(await project.up())
  console.log(`pulumi up, until the page answered: ${(milliseconds / 1000).toFixed(1)} s`)
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
  const [instanceId = ''] = datacenter.machines.ids
  const shell = new InstanceShell(datacenter, instanceId)
  console.log(await shell.bootTimes())

  // A visitor uploads with the page directly to the bucket.
  const browser = await visitorBrowser(datacenter.visitorNamespace, cloud.certificate)
  const page = await browser.newPage({ locale: 'en-US' })
  const offered = [
    file('photo.jpg', randomBytes(300_000)),
    file('empty.txt', ''),
    file('照片 (1) & 100%.png', randomBytes(20_000)),
    file('large.bin', randomBytes(12_000_000)),
  ]
  const uploadAll = () => uploadByPage(page, address, offered)
  const first = await uploadAll()
  expect(await storedObjects(cloud, bucket)).toEqual(first)
  // `npm run screenshot:deployed` sets this.
  const picture = process.env.DEPLOYED_PICTURE
  if (picture) await page.screenshot({ path: picture })

  // The instance runs the server and nothing else that is reachable.
  expect(await shell.run('cloud-init status')).toBe('status: done\n')
  expect(await shell.run('systemctl --failed --no-legend')).toBe('')
  expect(await shell.listening()).toEqual(LISTENING)
  const visitor = new Visitor(datacenter.visitorNamespace)
  expect(await visitor.openPorts(address.replace('http://', ''))).toEqual([80])
  const scores = await shell.securityScores()
  console.log('systemd-analyze security', scores)
  expect(scores['oss-direct-upload.service']).toBeLessThanOrEqual(2)
  expect(scores['oss-direct-upload-fetch.service']).toBeLessThanOrEqual(2)
  expect(await shell.property('oss-direct-upload', 'MemoryMax')).toBe(String(512 * 1024 ** 2))
  expect(await shell.serverUser()).toBeGreaterThanOrEqual(61_184)

  // The secret is in one file that only root can read, and nowhere else.
  const key = await project.accessKey()
  expect(await shell.filesWith(key.accessKeySecret)).toEqual(['/etc/oss-direct-upload/secret.env'])
  expect(await shell.run('stat -c "%a %U" /etc/oss-direct-upload/secret.env')).toBe('600 root\n')
  for (const text of [
    await datacenter.machines.log(instanceId),
    datacenter.machines.get(instanceId).description.userData,
    await project.state(),
    output,
  ]) {
    expect(text).not.toContain(key.accessKeySecret)
  }

  // After a reboot or a crash the server comes back with the same release.
  const health = await visitor.get(`${address}/healthz`)
  await datacenter.machines.get(instanceId).reboot()
  expect(await visitor.waitForAnswer(`${address}/healthz`)).toBe(health)
  expect(await shell.listening()).toEqual(LISTENING)
  const pid = await shell.property('oss-direct-upload', 'MainPID')
  await shell.run(`kill -KILL ${pid}`)
  const killed = performance.now()
  expect(await visitor.waitForAnswer(`${address}/healthz`)).toBe(health)
  console.log(`a killed server answers again after ${Math.round(performance.now() - killed)} ms`)
  expect(await shell.property('oss-direct-upload', 'MainPID')).not.toBe(pid)
  expect(await shell.property('oss-direct-upload', 'NRestarts')).toBe('1')
  const second = await uploadAll()
  expect(await storedObjects(cloud, bucket)).toEqual({ ...first, ...second })
  expect(Object.keys(second)).not.toEqual(Object.keys(first))
  await page.close()

  // A server that exceeds its memory limit is killed, without harm to other services.
  const cgroupVersion = await memoryLimits()
  if (cgroupVersion === undefined) {
    console.log('SKIPPED: no memory limit was tested, because this host cannot enforce one')
  } else {
    const began = performance.now()
    const machine = datacenter.machines.get(instanceId)
    await machine.stop()
    machine.memoryLimits = true
    await machine.start(machine.description)
    const back = () => visitor.waitForAnswer(`${address}/healthz`)
    expect(await back()).toBe(health)
    const { heldMib, ...report } = await exceedMemory(shell, machine.name, back)
    console.log(`the server was killed above ${heldMib} MiB, limited by cgroup ${cgroupVersion}`)
    console.log(`tested in ${Math.round((performance.now() - began) / 1000)} s`)
    expect(heldMib).toBeGreaterThan(400)
    expect(heldMib).toBeLessThanOrEqual(512)
    expect(report).toEqual({
      killed: ['oss-direct-upload.service'],
      log: [
        'oss-direct-upload.service: Main process exited, code=killed, status=9/KILL',
        `oss-direct-upload.service: Failed with result '${cgroupVersion === 'v2' ? 'oom-kill' : 'signal'}'.`,
        'oss-direct-upload.service: Scheduled restart job, restart counter is at 1.',
      ],
      restarted: [],
    })
    expect(await back()).toBe(health)
    expect(await shell.run('systemctl is-system-running')).toBe('running\n')
  }

  // After destroy, with files in the bucket, nothing is left in the account or on the host.
  await destroyCleanly(cloud, project)
  expect(datacenter.machines.ids).toEqual([])
  await browser.close()
  await datacenter.close()
  expect(await datacenter.resources()).toEqual({
    namespaces: [],
    mounts: [],
    cgroups: [],
    processes: [],
    folders: [],
  })
})
