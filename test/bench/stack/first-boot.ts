import { fileURLToPath } from 'node:url'
import type { MachineDescription } from 'simulated-cloud'
import { runCommand } from '../../cloud/machine/command.ts'
import type { Datacenter } from '../../cloud/machine/datacenter.ts'

/** User data of a machine, and how to tell that it is up. */
export interface Userland {
  name: string
  userData: string
  /** TCP port that answers. */
  port: number
  /** Sent to it; empty where the server speaks first. */
  request: string
  /** Start of its response. */
  response: string
}

/** A successful boot. */
export interface Boot {
  /** From power on to the response, as seen by a visitor. */
  seconds: number
  /** Report on where the time went. */
  times: string
}

const ADDRESS = '203.0.113.77'

/** Everything of a machine but what sets them apart. */
const MACHINE: Omit<MachineDescription, 'instanceId' | 'userData'> = {
  region: 'ap-southeast-1',
  zoneId: 'ap-southeast-1a',
  imageId: 'debian_13_1_x64_20G_alibase_20251120.vhd',
  instanceType: 'ecs.e-c1m1.large',
  hostName: 'measured',
  privateIp: '192.168.0.10',
  mac: '00:16:3e:00:00:77',
  vpcId: 'vpc-t4n0000000000000000a',
  vSwitchId: 'vsw-t4n0000000000000000a',
  securityGroupIds: ['sg-t4n0000000000000000a'],
}
const WAITING = fileURLToPath(new URL('./waiting-for.py', import.meta.url))

/**
 * Prints when units started and were active, in seconds since init; the time between the server's unit
 * and the response is the start of Node.
 */
const TIMES = `
began=$(systemctl show --property=UserspaceTimestampMonotonic --value)
for unit in systemd-networkd-wait-online cloud-init-network cloud-config cloud-final ssh \
  oss-direct-upload-fetch oss-direct-upload; do
  from=$(systemctl show --property=InactiveExitTimestampMonotonic --value $unit)
  to=$(systemctl show --property=ActiveEnterTimestampMonotonic --value $unit)
  [ "$from" != 0 ] && echo "$unit $((from - began)) $((to > 0 ? to - began : 0))"
done | awk '{ printf "%s %.1f-%.1f ", $1, $2 / 1e6, $3 / 1e6 }'
awk -v to=$answered -v from=$began 'BEGIN { printf "answered %.1f ", (to - from) / 1e6 }'
systemd-analyze blame --no-pager | head -6 | tr -s ' \\n' ' '
`

/**
 * Boots a new machine until it answers, and removes it.
 *
 * @throws CommandError when it does not answer
 */
export async function firstBoot(datacenter: Datacenter, userland: Userland): Promise<Boot> {
  const { userData, port, request, response } = userland
  const instanceId = `i-${userland.name}`
  const began = performance.now()
  await datacenter.start({ ...MACHINE, instanceId, userData })
  try {
    const rule = { protocol: 'tcp', ports: [port, port], source: '0.0.0.0/0' } as const
    await datacenter.route(ADDRESS, { instanceId, rules: [{ ...rule, accept: true, priority: 1 }] })
    const wait = ['python3', WAITING, ADDRESS, String(port), request, response]
    await runCommand('ip', ['netns', 'exec', datacenter.visitorNamespace, ...wait])
    // Logins are only allowed from then on, even if sshd answers earlier.
    await inside(datacenter, instanceId, 'while [ -e /run/nologin ]; do sleep 0.05; done')
    const seconds = (performance.now() - began) / 1000
    // The monotonic clock of systemd's timestamps, which machine and host share.
    const answered = process.hrtime.bigint() / 1000n
    await inside(
      datacenter,
      instanceId,
      'cloud-init status --wait > /run/status || cat /run/status',
    )
    const times = await inside(datacenter, instanceId, `answered=${answered}\n${TIMES}`)
    return { seconds, times }
  } finally {
    await datacenter.route(ADDRESS, undefined)
    await datacenter.remove(instanceId)
  }
}

async function inside(datacenter: Datacenter, instanceId: string, script: string): Promise<string> {
  return (await datacenter.machines.get(instanceId).exec(['sh', '-c', script])).stdout.trim()
}
