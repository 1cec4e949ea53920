import { fileURLToPath } from 'node:url'
import type { MachineDescription } from '../../cloud/control-plane/hardware.ts'
import { runCommand } from '../../cloud/machine/command.ts'
import type { Datacenter } from '../../cloud/machine/datacenter.ts'

/** What a machine is told, and when it has come up. */
export interface Userland {
  name: string
  userData: string
  /** TCP. */
  port: number
  /** Sent to it; nothing where it speaks first. */
  question: string
  /** How the answer begins. */
  answer: string
}

/** A boot that went well. */
export interface Boot {
  /** From power on to the answer, as a visitor sees it. */
  seconds: number
  /** Where that went, for people. */
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
 * Tells, of units, when they began and were there, in seconds from the first process on; what is
 * between the server's unit and the answer is Node's own start.
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
 * Boots a machine that has never run before, until it answers, and takes it away.
 *
 * @throws CommandError when it does not answer
 */
export async function firstBoot(datacenter: Datacenter, userland: Userland): Promise<Boot> {
  const { userData, port, question, answer } = userland
  const instanceId = `i-${userland.name}`
  const began = performance.now()
  await datacenter.start({ ...MACHINE, instanceId, userData })
  try {
    const rule = { protocol: 'tcp', ports: [port, port], source: '0.0.0.0/0' } as const
    await datacenter.route(ADDRESS, { instanceId, rules: [{ ...rule, accept: true, priority: 1 }] })
    const ask = ['python3', WAITING, ADDRESS, String(port), question, answer]
    await runCommand('ip', ['netns', 'exec', datacenter.visitorNamespace, ...ask])
    // Only then is anyone let in, whatever answers already.
    await inside(datacenter, instanceId, 'while [ -e /run/nologin ]; do sleep 0.05; done')
    const seconds = (performance.now() - began) / 1000
    // The clock that systemd tells times by, which machine and host share.
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
