import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { file } from '../../browser/visit.ts'
import { memoryLimits } from '../machine/cgroups.ts'
import { whyNoMachine } from '../machine/host.ts'
import { wentWell } from '../stack/deployment-setup.ts'
import { bootedCloud } from './booted-cloud.ts'
import { InstanceShell } from './instance-shell.ts'
import { exceedMemory } from './memory-limit.ts'
import { uploadByPage } from './page-upload.ts'
import { storedObjects } from './stored-objects.ts'
import { Visitor } from './visitor.ts'
import { visitorBrowser } from './visitor-browser.ts'

/** The server, and what the network needs: answers of the DHCP server arrive at port 68. */
const LISTENING = [
  'tcp *:80 oss-direct-upload.service',
  'udp 192.168.0.*:68 systemd-networkd.service',
]

const reason = whyNoMachine()
if (reason !== undefined) console.log(`SKIPPED: the stack was not booted, because ${reason}`)

test.skipIf(reason)('a fresh account, a page, uploads, a reboot, an empty account', async () => {
  const { cloud, room, project } = await bootedCloud()
  const { milliseconds, output } = wentWell(await project.up())
  console.log(`pulumi up, until the page answered: ${(milliseconds / 1000).toFixed(1)} s`)
  const { OssClientAddress: address = '', OssBucketName: bucket = '' } = await project.outputs()
  const [instanceId = ''] = room.instanceIds
  const shell = new InstanceShell(room, instanceId)
  console.log(await shell.bootTimes())

  // A visitor uploads with the page, straight into the bucket.
  const browser = await visitorBrowser(room.visitorNamespace, cloud.certificate)
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
  // Set to take the picture of the documentation anew.
  const picture = process.env.DEPLOYED_PICTURE
  if (picture) await page.screenshot({ path: picture })

  // The instance has what was asked for and no more.
  expect(await shell.run('cloud-init status')).toBe('status: done\n')
  expect(await shell.run('systemctl --failed --no-legend')).toBe('')
  expect(await shell.listening()).toEqual(LISTENING)
  const visitor = new Visitor(room.visitorNamespace)
  expect(await visitor.openPorts(address.replace('http://', ''))).toEqual([80])
  const scores = await shell.securityScores()
  console.log('systemd-analyze security', scores)
  expect(scores['oss-direct-upload.service']).toBeLessThanOrEqual(2)
  expect(scores['oss-direct-upload-fetch.service']).toBeLessThanOrEqual(2)
  expect(await shell.property('oss-direct-upload', 'MemoryMax')).toBe(String(512 * 1024 ** 2))
  expect(await shell.serverUser()).toBeGreaterThanOrEqual(61_184)

  // The key is in one file that root alone reads, and nobody writes it anywhere else.
  const key = await project.accessKey()
  expect(await shell.filesWith(key.accessKeySecret)).toEqual(['/etc/oss-direct-upload/secret.env'])
  expect(await shell.run('stat -c "%a %U" /etc/oss-direct-upload/secret.env')).toBe('600 root\n')
  for (const text of [
    await room.record(instanceId),
    room.machine(instanceId).description.userData,
    await project.state(),
    output,
  ]) {
    expect(text).not.toContain(key.accessKeySecret)
  }

  // Rebooted, or its server killed, it comes back with the same release.
  const health = await visitor.get(`${address}/healthz`)
  await room.machine(instanceId).reboot()
  expect(await visitor.untilAnswer(`${address}/healthz`)).toBe(health)
  expect(await shell.listening()).toEqual(LISTENING)
  const pid = await shell.property('oss-direct-upload', 'MainPID')
  await shell.run(`kill -KILL ${pid}`)
  const killed = performance.now()
  expect(await visitor.untilAnswer(`${address}/healthz`)).toBe(health)
  console.log(`a killed server answers again after ${Math.round(performance.now() - killed)} ms`)
  expect(await shell.property('oss-direct-upload', 'MainPID')).not.toBe(pid)
  expect(await shell.property('oss-direct-upload', 'NRestarts')).toBe('1')
  const second = await uploadAll()
  expect(await storedObjects(cloud, bucket)).toEqual({ ...first, ...second })
  expect(Object.keys(second)).not.toEqual(Object.keys(first))
  await page.close()

  // A server that takes more memory than it may have is killed, and nothing else with it.
  const counted = await memoryLimits()
  if (counted === undefined) {
    console.log('SKIPPED: no limit of memory was seen at work, as this host has no way to keep one')
  } else {
    const began = performance.now()
    const machine = room.machine(instanceId)
    await machine.stop()
    machine.memoryLimits = true
    await machine.start(machine.description)
    const back = () => visitor.untilAnswer(`${address}/healthz`)
    expect(await back()).toBe(health)
    const { held, ...story } = await exceedMemory(shell, machine.name, back)
    console.log(
      `the server was killed with more than ${held} MiB, counted by control groups ${counted}`,
    )
    console.log(`seen in ${Math.round((performance.now() - began) / 1000)} s`)
    expect(held).toBeGreaterThan(400)
    expect(held).toBeLessThanOrEqual(512)
    expect(story).toEqual({
      killed: ['oss-direct-upload.service'],
      said: [
        'oss-direct-upload.service: Main process exited, code=killed, status=9/KILL',
        `oss-direct-upload.service: Failed with result '${counted === 'v2' ? 'oom-kill' : 'signal'}'.`,
        'oss-direct-upload.service: Scheduled restart job, restart counter is at 1.',
      ],
      suffered: [],
    })
    expect(await back()).toBe(health)
    expect(await shell.run('systemctl is-system-running')).toBe('running\n')
  }

  // Destroyed with the files in the bucket, account and host are as they were.
  wentWell(await project.destroy())
  expect(await cloud.leftovers()).toEqual([])
  expect(cloud.failures).toEqual([])
  expect(room.instanceIds).toEqual([])
  await browser.close()
  await room.close()
  expect(await room.leftovers()).toEqual({
    namespaces: [],
    mounts: [],
    controlGroups: [],
    processes: [],
    folders: [],
  })
})
