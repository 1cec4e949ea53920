import { expect, test } from 'vitest'
import { FleetNetwork } from '../../../infra/network/fleet-network.ts'
import { groupAndVpc, openPort, tags, vswitch } from './private-network.ts'
import { recordRegistrations, resolved, settled } from './registrations.ts'

test("a fleet's network has two zones and opens port 80 to the load balancer alone", async () => {
  const recorded = await recordRegistrations()
  const network = new FleetNetwork('net', {
    zoneIds: ['ap-southeast-1a', 'ap-southeast-1c'],
    tags,
  })
  await settled()

  expect(recorded).toEqual([
    { type: 'oss-direct-upload:index:FleetNetwork', name: 'net', inputs: {}, options: {} },
    openPort('net-http-first', '80/80', '192.168.0.0/24', ['net-vswitch-first']),
    openPort('net-http-second', '80/80', '192.168.2.0/24', ['net-vswitch-second']),
    ...groupAndVpc,
    vswitch('net-vswitch-first', 'ap-southeast-1a', '192.168.0.0/24'),
    vswitch('net-vswitch-second', 'ap-southeast-1c', '192.168.2.0/24'),
  ])
  expect(await resolved(network.vpcId)).toBe('net-vpc-id')
  expect(await resolved(network.securityGroupId)).toBe('net-security-group-id')
  const zones = network.zones.map(async ({ zoneId, vswitchId }) => [
    await resolved(zoneId),
    await resolved(vswitchId),
  ])
  expect(await Promise.all(zones)).toEqual([
    ['ap-southeast-1a', 'net-vswitch-first-id'],
    ['ap-southeast-1c', 'net-vswitch-second-id'],
  ])
})
