/** For a test: owns a machine, says which run it is, and lives until it is killed. */
import { CertificateAuthority } from '../control-plane/certificates/certificate-authority.ts'
import { MachineRoom } from './datacenter.ts'

const room = await MachineRoom.open()
const authority = new CertificateAuthority()
await room.attach({
  accountId: '1234567890123456',
  certificate: authority.certificate,
  issue: (host) => authority.issue(host),
  roleCredentials: () => undefined,
  handle: (_request, response) => response.end(),
})
await room.start({
  instanceId: 'i-t4n0000000000000009',
  region: 'ap-southeast-1',
  zoneId: 'ap-southeast-1a',
  imageId: 'debian_13_1_x64_20G_alibase_20251120.vhd',
  instanceType: 'ecs.t6-c1m1.large',
  hostName: 'owned',
  privateIp: '192.168.0.19',
  mac: '00:16:3e:00:00:09',
  vpcId: 'vpc-t4n0000000000000000a',
  vSwitchId: 'vsw-t4n0000000000000000a',
  securityGroupIds: ['sg-t4n0000000000000000a'],
  userData: '#cloud-config\n{}\n',
})
console.log(room.run)
setInterval(() => {}, 60_000)
