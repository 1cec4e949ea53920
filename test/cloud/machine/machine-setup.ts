import { CertificateAuthority, type IngressRule, type MachineDescription } from 'simulated-cloud'
import type { AttachedCloud } from './datacenter.ts'

/** Returns the description of a machine, one of nine in the same vSwitch. @param number 1 to 9 */
export function describeMachine(
  number: number,
  userData = '#cloud-config\n{}\n',
): MachineDescription {
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
    userData,
  }
}

/** Returns a rule of a security group that lets everyone reach a TCP port. */
export function allowPort(port: number): IngressRule {
  return { protocol: 'tcp', ports: [port, port], source: '0.0.0.0/0', accept: true, priority: 1 }
}

/** Returns a cloud for machines that need none: it issues certificates and answers every request. */
export function minimalCloud(changes: Partial<AttachedCloud> = {}): AttachedCloud {
  const authority = new CertificateAuthority()
  return {
    accountId: '1234567890123456',
    certificate: authority.certificate,
    issue: (host) => authority.issue(host),
    roleCredentials: () => undefined,
    handle: (_request, response) => response.end(),
    ...changes,
  }
}
