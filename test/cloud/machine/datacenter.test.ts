import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, onTestFailed, test } from 'vitest'
import { CertificateAuthority } from '../control-plane/certificates/certificate-authority.ts'
import type { IngressRule, MachineDescription } from '../control-plane/hardware.ts'
import { attemptCommand } from './command.ts'
import { MachineRoom } from './datacenter.ts'
import { whyNoMachine } from './host.ts'
import { findLeftovers } from './run-resources.ts'

const EIP = '203.0.113.10'
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

function describeMachine(number: number): MachineDescription {
  return {
    instanceId: `i-t4n000000000000000${number}`,
    region: 'ap-southeast-1',
    zoneId: 'ap-southeast-1a',
    imageId: 'debian_13_1_x64_20G_alibase_20251120.vhd',
    instanceType: 'ecs.t6-c1m1.large',
    hostName: `page-${number}`,
    privateIp: `192.168.0.${9 + number}`,
    mac: `00:16:3e:00:00:0${number}`,
    vpcId: 'vpc-t4n0000000000000000a',
    vSwitchId: 'vsw-t4n0000000000000000a',
    securityGroupIds: ['sg-t4n0000000000000000a'],
    userData: USER_DATA,
  }
}

const FIRST = describeMachine(1)
const WEB: IngressRule = {
  protocol: 'tcp',
  ports: [80, 80],
  source: '0.0.0.0/0',
  accept: true,
  priority: 1,
}

const reason = whyNoMachine()
if (reason !== undefined) console.log(`SKIPPED: no machine was booted, because ${reason}`)

const NOTHING = { namespaces: [], mounts: [], controlGroups: [], processes: [], folders: [] }

let room: MachineRoom
const seen: string[] = []

beforeAll(async () => {
  if (reason !== undefined) return
  room = await MachineRoom.open((line) => console.log(line))
  const authority = new CertificateAuthority()
  await room.attach({
    accountId: '1234567890123456',
    certificate: authority.certificate,
    issue: (host) => authority.issue(host),
    roleCredentials: () => ({ roleName: 'reader', document: { AccessKeyId: 'STS.of-the-test' } }),
    handle: (_request, response, { host, secure, network, clientAddress }) => {
      seen.push(`${clientAddress} ${network} ${secure ? 'https' : 'http'} ${host}`)
      response.end(`${host} of the cloud`)
    },
  })
})

afterAll(async () => {
  await room?.close()
})

/** curl in the visitors' namespace: what it printed, or `exit N`. */
async function visit(...args: string[]): Promise<string> {
  const { code, stdout } = await attemptCommand('ip', [
    ...['netns', 'exec', room.visitorNamespace],
    ...['curl', '--silent', '--max-time', '3', ...args],
  ])
  return code === 0 ? stdout : `exit ${code}`
}

/** What a port says first to a visitor. */
async function knock(port: number): Promise<string> {
  const listen = `head --bytes=7 < /dev/tcp/${EIP}/${port}`
  const command = ['timeout', '3', 'bash', '-c', listen]
  return (await attemptCommand('ip', ['netns', 'exec', room.visitorNamespace, ...command])).stdout
}

/** Milliseconds until the page answers. */
async function untilPage(since: number, url: string = PAGE): Promise<number> {
  onTestFailed(async () => console.log(await room.records()))
  const deadline = Date.now() + 60_000
  for (;;) {
    const answer = await visit(url)
    if (answer === 'a page of this machine\n') return performance.now() - since
    if (Date.now() > deadline) throw new Error(`The page does not answer: ${answer}`)
    await sleep(100)
  }
}

/** A shell script in the first machine. */
async function inside(script: string): Promise<string> {
  const { code, stdout, stderr } = await room.exec(FIRST.instanceId, ['sh', '-c', script])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return stdout
}

describe.skipIf(reason)('a machine', () => {
  test('boots from its user data and answers at its address', async () => {
    const launched = performance.now()
    await room.start(FIRST)
    await room.route(EIP, { instanceId: FIRST.instanceId, rules: [WEB] })
    const ms = await untilPage(launched)
    console.log(`launch to the first 200 at the EIP: ${(ms / 1000).toFixed(1)} s`)
    console.log(await inside('systemd-analyze; systemd-analyze blame | head -5'))
    expect(await inside('cloud-init status --wait')).toBe('status: done\n')
    expect(await inside('cloud-id')).toBe('aliyun\n')
    expect(await inside('hostname')).toBe('page-1\n')
  })

  test('lets in what the security group lets in, and nothing else', async () => {
    expect(await inside("ss -H -ltn | awk '{ print $4 }' | sort")).toBe(
      '0.0.0.0:22\n0.0.0.0:80\n[::]:22\n',
    )
    expect(await knock(22)).toBe('')
    const rules: IngressRule[] = [
      { protocol: 'tcp', ports: [1, 100], source: '192.0.2.0/24', accept: true, priority: 2 },
      { protocol: 'tcp', ports: [80, 80], source: '192.0.2.0/25', accept: false, priority: 1 },
    ]
    await room.route(EIP, { instanceId: FIRST.instanceId, rules: rules.toReversed() })
    expect(await knock(22)).toBe('SSH-2.0')
    expect(await visit(PAGE)).toBe('exit 28')
    await room.route(EIP, { instanceId: FIRST.instanceId, rules: [WEB] })
    expect(await visit(PAGE)).toBe('a page of this machine\n')
  })

  test('keeps the inside of the cloud from visitors', async () => {
    expect(await visit('http://100.100.100.200/latest/meta-data/')).toBe('exit 28')
    expect(await visit('http://100.64.0.10/')).toBe('exit 28')
    expect(await visit('http://192.168.0.10/')).toBe('exit 28')
  })

  test('reaches the cloud by its names and trusts it, from inside and from outside', async () => {
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
    expect(seen).toEqual([
      `192.168.0.10 vpc https ${internal}.aliyuncs.com`,
      `${EIP} internet https ecs.ap-southeast-1.aliyuncs.com`,
      '192.0.2.2 internet https oss-ap-southeast-1.aliyuncs.com',
    ])
  })

  test('tells of itself with a token only', async () => {
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

  test('loses what is cut off, and gets it back', async () => {
    const ask = 'curl --silent --max-time 1 --output /dev/null http://100.100.100.200/; echo $?'
    await room.setOutage('metadata', true)
    expect(await inside(ask)).toBe('28\n')
    await room.setOutage('metadata', false)
    expect(await inside(ask)).toBe('0\n')
  })

  test('comes back from a reboot, from a stop and from a power cut, with its disk', async () => {
    const machine = room.machine(FIRST.instanceId)
    await machine.reboot()
    await untilPage(performance.now())
    const stopping = performance.now()
    await room.stop(FIRST.instanceId)
    console.log(`powered off in ${((performance.now() - stopping) / 1000).toFixed(1)} s`)
    expect(await visit(PAGE)).toMatch(/^exit (7|28)$/)
    await expect(room.exec(FIRST.instanceId, ['true'])).rejects.toThrow(
      `The machine ${FIRST.instanceId} is off`,
    )
    await room.start(FIRST)
    await untilPage(performance.now())
    await machine.kill()
    await room.start(FIRST)
    await untilPage(performance.now())
    expect(await inside('cloud-init status --wait')).toBe('status: done\n')
    expect(await inside('wc -l < /var/lib/first-starts')).toBe('1\n')
    expect(await inside('journalctl --list-boots --quiet | wc -l')).toBe('4\n')
  })

  test('has a clock, a disk and an address of its own beside another machine', async () => {
    const second = describeMachine(2)
    const clock = room.conditions.clockOffsetSeconds
    Object.assign(room.conditions, { clockOffsetSeconds: -1200, diskBytes: 64 * 1024 ** 2 })
    await room.start(second)
    await room.route('203.0.113.11', { instanceId: second.instanceId, rules: [WEB] })
    Object.assign(room.conditions, { clockOffsetSeconds: clock, diskBytes: 4 * 1024 ** 3 })
    await untilPage(performance.now(), 'http://203.0.113.11/')
    const run = (script: string) => room.exec(second.instanceId, ['sh', '-c', script])
    const late = Number((await run('systemd-run --quiet --pipe --wait date +%s')).stdout)
    expect(Math.round((Date.now() / 1000 - late) / 60)).toBe(20)
    const { code, stderr } = await run('head --bytes=100M /dev/zero > /full')
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: "head: error writing 'standard output': No space left on device\n",
    })
    expect(await visit(PAGE)).toBe('a page of this machine\n')
    expect((await run('curl --silent --max-time 5 http://192.168.0.10/')).stdout).toBe(
      'a page of this machine\n',
    )
    await room.remove(second.instanceId)
    expect(await visit('http://203.0.113.11/')).toBe('exit 28')
  })

  test('gets the address of one that is gone', async () => {
    const third = { ...describeMachine(3), privateIp: describeMachine(2).privateIp }
    await room.start(third)
    await room.route('203.0.113.11', { instanceId: third.instanceId, rules: [WEB] })
    await untilPage(performance.now(), 'http://203.0.113.11/')
    await room.remove(third.instanceId)
  })

  test('leaves a record when it is removed, and nothing else', async () => {
    await room.route(EIP, undefined)
    await room.remove(FIRST.instanceId)
    expect(room.instanceIds).toEqual([])
    expect(await room.record(FIRST.instanceId)).toContain('Started page.service')
    const { namespaces, mounts, controlGroups } = await room.leftovers()
    expect({ mounts, controlGroups }).toEqual({ mounts: [], controlGroups: [] })
    expect(namespaces.map((name) => name.slice(room.run.length + 1)).toSorted()).toEqual([
      'client-web',
      'internet',
      'vsw0',
    ])
    await room.close()
    expect(await room.leftovers()).toEqual(NOTHING)
  })

  test('goes with the process that owned it, however that ended', async () => {
    const owner = spawn(
      process.execPath,
      [fileURLToPath(new URL('./owner-process.ts', import.meta.url))],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    )
    const [run] = (await once(owner.stdout.setEncoding('utf8'), 'data')) as [string]
    const held = await findLeftovers(run.trim())
    owner.kill('SIGKILL')
    expect(held.mounts).toHaveLength(2)
    expect(held.namespaces).toHaveLength(4)
    expect(held.processes.length).toBeGreaterThan(4)
    await expect
      .poll(() => findLeftovers(run.trim()), { timeout: 20_000, interval: 200 })
      .toEqual(NOTHING)
  })
})
