import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import type { IngressRule } from 'simulated-cloud'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { attemptCommand } from './command.ts'
import { Datacenter } from './datacenter.ts'
import { whyNoMachine } from './host.ts'
import { allowPort, describeMachine, minimalCloud } from './machine-setup.ts'
import { findRunResources } from './run-resources.ts'

const EIP = '203.0.113.10'
const OTHER_EIP = '203.0.113.11'
const PAGE = `http://${EIP}/`

const USER_DATA = `#cloud-config
write_files:
- path: /srv/index.html
  content: "a page of this machine\\n"
- path: /etc/systemd/system/page.service
  content: |
    [Service]
    ExecStart=/usr/bin/python3 -m http.server --directory /srv 80
    Restart=always
    [Install]
    WantedBy=multi-user.target
runcmd:
- [systemctl, enable, --now, page.service]
- [sh, -c, 'date >> /var/lib/first-starts']
`

const FIRST = describeMachine(1, USER_DATA)
const WEB = allowPort(80)

const reason = whyNoMachine()
if (reason !== undefined) console.log(`SKIPPED: no machine was booted, because ${reason}`)

const NOTHING = { namespaces: [], mounts: [], cgroups: [], processes: [], folders: [] }

let datacenter: Datacenter
const requests: string[] = []

beforeAll(async () => {
  if (reason !== undefined) return
  datacenter = await Datacenter.open((line) => console.log(line))
  const cloud = minimalCloud({
    roleCredentials: () => ({ roleName: 'reader', document: { AccessKeyId: 'STS.of-the-test' } }),
    handle: (_request, response, { host, secure, network, clientAddress }) => {
      requests.push(`${clientAddress} ${network} ${secure ? 'https' : 'http'} ${host}`)
      response.end(`${host} of the cloud`)
    },
  })
  await datacenter.attach(cloud)
})

afterAll(async () => {
  await datacenter?.close()
})

/** Runs curl in the visitor's namespace. @returns Its output, or `exit N` */
async function visit(...args: string[]): Promise<string> {
  const { code, stdout } = await attemptCommand('ip', [
    ...['netns', 'exec', datacenter.visitorNamespace],
    ...['curl', '--silent', '--max-time', '3', ...args],
  ])
  return code === 0 ? stdout : `exit ${code}`
}

/** Returns the first bytes that a port sends to a visitor. */
async function readGreeting(port: number): Promise<string> {
  const listen = `head --bytes=7 < /dev/tcp/${EIP}/${port}`
  const command = ['timeout', '3', 'bash', '-c', listen]
  return (await attemptCommand('ip', ['netns', 'exec', datacenter.visitorNamespace, ...command]))
    .stdout
}

/** Waits until a page answers. */
async function waitForPage(url: string = PAGE): Promise<void> {
  onTestFailed(async () => console.log(await datacenter.machines.allLogs()))
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await visit(url)
    if (answer === 'a page of this machine\n') return
    if (Date.now() > deadline) throw new Error(`The page does not answer: ${answer}`)
    await sleep(100)
  }
}

/** Runs a shell script in the first machine. */
async function inside(script: string): Promise<string> {
  const { code, stdout, stderr } = await datacenter.machines
    .get(FIRST.instanceId)
    .exec(['sh', '-c', script])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

describe.skipIf(reason)('a machine', () => {
  test('boots with its user data and answers at its public address', async () => {
    const launched = performance.now()
    await datacenter.start(FIRST)
    await datacenter.route(EIP, { instanceId: FIRST.instanceId, rules: [WEB] })
    await waitForPage()
    const ms = performance.now() - launched
    console.log(`launch to the first 200 at the EIP: ${(ms / 1000).toFixed(1)} s`)
    console.log(await inside('systemd-analyze; systemd-analyze blame | head -5'))
    expect(await inside('cloud-init status --wait')).toBe('status: done\n')
    expect(await inside('cloud-id')).toBe('aliyun\n')
    expect(await inside('hostname')).toBe('page-1\n')
  })

  test('accepts what its security group accepts, and nothing else', async () => {
    expect(await inside("ss -H -ltn | awk '{ print $4 }' | sort")).toBe(
      '0.0.0.0:22\n0.0.0.0:80\n[::]:22\n',
    )
    expect(await readGreeting(22)).toBe('')
    const rules: IngressRule[] = [
      { protocol: 'tcp', ports: [1, 100], source: '192.0.2.0/24', accept: true, priority: 2 },
      { protocol: 'tcp', ports: [80, 80], source: '192.0.2.0/25', accept: false, priority: 1 },
    ]
    await datacenter.route(EIP, { instanceId: FIRST.instanceId, rules: rules.toReversed() })
    expect(await readGreeting(22)).toBe('SSH-2.0')
    expect(await visit(PAGE)).toBe('exit 28')
    await datacenter.route(EIP, { instanceId: FIRST.instanceId, rules: [WEB] })
    expect(await visit(PAGE)).toBe('a page of this machine\n')
  })

  test('hides internal addresses from visitors', async () => {
    expect(await visit('http://100.100.100.200/latest/meta-data/')).toBe('exit 28')
    expect(await visit('http://100.64.0.10/')).toBe('exit 28')
    expect(await visit('http://192.168.0.10/')).toBe('exit 28')
  })

  test('reaches and trusts the host names of the cloud, from inside and from outside', async () => {
    const url = (name: string): string => `https://${name}.aliyuncs.com/`
    const internal = 'bucket.oss-ap-southeast-1-internal'
    expect(await inside(`curl --silent --show-error ${url(internal)}`)).toBe(
      `${internal}.aliyuncs.com of the cloud`,
    )
    expect(await inside(`curl --silent --show-error ${url('ecs.ap-southeast-1')}`)).toBe(
      'ecs.ap-southeast-1.aliyuncs.com of the cloud',
    )
    expect(await visit(url('oss-ap-southeast-1'))).toBe('exit 60')
    expect(await visit('--insecure', url('oss-ap-southeast-1'))).toBe(
      'oss-ap-southeast-1.aliyuncs.com of the cloud',
    )
    expect(await visit('--insecure', url(internal))).toBe('exit 28')
    expect(requests).toEqual([
      `192.168.0.10 vpc https ${internal}.aliyuncs.com`,
      `${EIP} internet https ecs.ap-southeast-1.aliyuncs.com`,
      '192.0.2.2 internet https oss-ap-southeast-1.aliyuncs.com',
    ])
  })

  test('reads its metadata only with a token', async () => {
    const base = 'http://100.100.100.200/latest'
    const get = (path: string, token: string): Promise<string> =>
      inside(
        `curl --silent --write-out ' %{http_code}' --header "X-aliyun-ecs-metadata-token: ${token}" ${base}/${path}`,
      )
    const put = (seconds: number): Promise<string> =>
      inside(
        `curl --silent --write-out ' %{http_code}' --request PUT --header 'X-aliyun-ecs-metadata-token-ttl-seconds: ${seconds}' ${base}/api/token`,
      )
    expect(await get('meta-data/instance-id', 'guessed')).toBe(' 401')
    expect(await put(21_601)).toBe(' 400')
    const [token = '', status] = (await put(60)).split(' ')
    expect(status).toBe('200')
    expect(await get('meta-data/instance-id', token)).toBe(`${FIRST.instanceId} 200`)
    expect(await get('meta-data/eipv4', token)).toBe(`${EIP} 200`)
    expect(await get('meta-data/ram/security-credentials/', token)).toBe('reader 200')
    expect(await get('meta-data/ram/security-credentials/reader', token)).toBe(
      '{"AccessKeyId":"STS.of-the-test"} 200',
    )
    expect(await get('meta-data/ram/security-credentials/writer', token)).toBe(' 404')
    expect(await get('user-data', token)).toBe(`${USER_DATA} 200`)
    const serial = await inside('dmidecode -s system-serial-number')
    expect(
      JSON.parse((await get('dynamic/instance-identity/document', token)).slice(0, -4)),
    ).toEqual({
      'zone-id': 'ap-southeast-1a',
      'serial-number': serial.trim(),
      'instance-id': FIRST.instanceId,
      'region-id': 'ap-southeast-1',
      'private-ipv4': '192.168.0.10',
      'owner-account-id': '1234567890123456',
      mac: '00:16:3e:00:00:01',
      'image-id': FIRST.imageId,
      'instance-type': FIRST.instanceType,
    })
    const [shortLived = ''] = (await put(1)).split(' ')
    await sleep(1100)
    expect(await get('meta-data/instance-id', shortLived)).toBe(' 401')
  })

  test('cannot reach the metadata service during an outage', async () => {
    const status = 'curl --silent --max-time 1 --output /dev/null http://100.100.100.200/; echo $?'
    await datacenter.setOutage('metadata', true)
    expect(await inside(status)).toBe('28\n')
    await datacenter.setOutage('metadata', false)
    expect(await inside(status)).toBe('0\n')
  })

  test('keeps its disk over a reboot, a stop and a power cut', async () => {
    const machine = datacenter.machines.get(FIRST.instanceId)
    await machine.reboot()
    await waitForPage()
    const stopping = performance.now()
    await datacenter.stop(FIRST.instanceId)
    console.log(`powered off in ${((performance.now() - stopping) / 1000).toFixed(1)} s`)
    expect(await visit(PAGE)).toMatch(/^exit (7|28)$/)
    await expect(datacenter.machines.get(FIRST.instanceId).exec(['true'])).rejects.toThrow(
      `The machine ${FIRST.instanceId} is off`,
    )
    await datacenter.start(FIRST)
    await waitForPage()
    await machine.kill()
    await datacenter.start(FIRST)
    await waitForPage()
    expect(await inside('cloud-init status --wait')).toBe('status: done\n')
    expect(await inside('wc -l < /var/lib/first-starts')).toBe('1\n')
    expect(await inside('journalctl --list-boots --quiet | wc -l')).toBe('4\n')
  })

  test('has its own clock, disk and address', async () => {
    const second = describeMachine(2, USER_DATA)
    const { conditions } = datacenter.machines
    const usual = { ...conditions }
    Object.assign(conditions, { clockOffsetSeconds: -1200, diskBytes: 64 * 1024 ** 2 })
    await datacenter.start(second)
    await datacenter.route(OTHER_EIP, { instanceId: second.instanceId, rules: [WEB] })
    Object.assign(conditions, usual)
    await waitForPage(`http://${OTHER_EIP}/`)
    const run = (script: string) =>
      datacenter.machines.get(second.instanceId).exec(['sh', '-c', script])
    const behind = Number((await run('systemd-run --quiet --pipe --wait date +%s')).stdout)
    expect(Math.round((Date.now() / 1000 - behind) / 60)).toBe(20)
    const { code, stderr } = await run('head --bytes=100M /dev/zero > /full')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "head: error writing 'standard output': No space left on device\n",
    })
    expect(await visit(PAGE)).toBe('a page of this machine\n')
    expect((await run('curl --silent --max-time 5 http://192.168.0.10/')).stdout).toBe(
      'a page of this machine\n',
    )
    await datacenter.remove(second.instanceId)
    expect(await visit(`http://${OTHER_EIP}/`)).toBe('exit 28')
  })

  test('gets the private address of a removed machine', async () => {
    const third = { ...describeMachine(3, USER_DATA), privateIp: describeMachine(2).privateIp }
    await datacenter.start(third)
    await datacenter.route(OTHER_EIP, { instanceId: third.instanceId, rules: [WEB] })
    await waitForPage(`http://${OTHER_EIP}/`)
    await datacenter.remove(third.instanceId)
  })

  test('leaves nothing but its log when it is removed', async () => {
    await datacenter.route(EIP, undefined)
    await datacenter.remove(FIRST.instanceId)
    expect(datacenter.machines.ids).toEqual([])
    expect(await datacenter.machines.log(FIRST.instanceId)).toContain('Started page.service')
    const { namespaces, mounts, cgroups } = await datacenter.resources()
    expect({ mounts, cgroups }).toEqual({ mounts: [], cgroups: [] })
    expect(namespaces.map((name) => name.slice(datacenter.run.length + 1)).toSorted()).toEqual([
      'client-web',
      'internet',
      'vsw0',
    ])
    await datacenter.close()
    expect(await datacenter.resources()).toEqual(NOTHING)
  })

  test('is removed when the process that owns it is killed', async () => {
    const owner = spawn(
      process.execPath,
      [fileURLToPath(new URL('./owner-process.ts', import.meta.url))],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [run] = (await once(owner.stdout.setEncoding('utf8'), 'data')) as [string]
    const resources = await findRunResources(run.trim())
    owner.kill('SIGKILL')
    expect(resources.mounts).toHaveLength(2)
    expect(resources.namespaces).toHaveLength(4)
    expect(resources.processes.length).toBeGreaterThan(4)
    await expect
      .poll(() => findRunResources(run.trim()), { timeout: 20_000, interval: 200 })
      .toEqual(NOTHING)
  })
})
