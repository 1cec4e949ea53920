import { describe, expect, test } from 'vitest'
import { account, part, pass, REGION, text } from '../compute/account.ts'
import { balancerParameters, fleet, listenerParameters, useFleet } from '../scaling/fleet.ts'

useFleet()

test('a load balancer has a name, and an address for the internet and two for its VPC in each zone', async () => {
  const { loadBalancerId: LoadBalancerId, vSwitchIds, vpcId } = fleet
  const shown = await account.alb('GetLoadBalancerAttribute', { LoadBalancerId })
  expect(LoadBalancerId).toMatch(/^alb-[a-z0-9]{18}$/)
  expect(shown).toMatchObject({
    DNSName: `${LoadBalancerId}.${REGION}.alb.aliyuncsslbintl.com`,
    LoadBalancerStatus: 'Active',
    LoadBalancerBillingConfig: { PayType: 'PostPay' },
    LoadBalancerEdition: 'Standard',
    AddressType: 'Internet',
    VpcId: vpcId,
    Tags: [],
  })
  expect(await part(shown, 'ZoneMappings')).toMatchObject(
    ['b', 'c'].map((letter, index) => ({
      ZoneId: `${REGION}${letter}`,
      VSwitchId: vSwitchIds[index],
      LoadBalancerAddresses: [
        {
          Address: `203.0.113.${224 + index}`,
          IntranetAddress: `192.168.${index + 1}.1`,
          Ipv4LocalAddresses: [`192.168.${index + 1}.2`],
        },
      ],
    })),
  )
})

test('it holds its vSwitches until it is gone', async () => {
  const { loadBalancerId: LoadBalancerId, vSwitchIds } = fleet
  const VSwitchId = vSwitchIds[0]
  expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toBe(
    '400 DependencyViolation: Specified object has dependent resources.',
  )
  const JobId = await text(account.alb('DeleteLoadBalancer', { LoadBalancerId }), 'JobId')
  const statuses = async () => {
    const jobs = await part(account.alb('ListAsynJobs', { 'JobIds.1': JobId }), 'Jobs')
    return (jobs as { Status: string }[]).map(({ Status }) => Status)
  }
  expect(await statuses()).toEqual(['Processing'])
  await pass(1500)
  expect(await statuses()).toEqual(['Succeeded'])
  expect(await account.alb('GetLoadBalancerAttribute', { LoadBalancerId })).toBe(
    '404 ResourceNotFound.LoadBalancer: The specified resource of LoadBalancer is not found.',
  )
  expect(await account.vpc('DeleteVSwitch', { VSwitchId })).toEqual({})
  await account.alb('DeleteServerGroup', { ServerGroupId: fleet.serverGroupId })
  await pass()
  expect(account.compute.leftovers().map((line) => line.split(' ')[0])).toEqual([
    'vpc',
    'vswitch',
    'security',
  ])
})

test('a call that is repeated with its token makes nothing new, another one is refused', async () => {
  const wanted = { ...balancerParameters(fleet.vpcId, fleet.vSwitchIds), ClientToken: 't' }
  const first = await account.alb('CreateLoadBalancer', wanted)
  expect(await account.alb('CreateLoadBalancer', wanted)).toEqual(first)
  expect(await account.alb('CreateLoadBalancer', { ...wanted, LoadBalancerName: 'back' })).toBe(
    '400 IdempotentParameterMismatch: Request uses a client token in a previous request but is not identical to that request.',
  )
})

test('its EIPs, one a zone, count in the quota of EIPs until it is deleted', async () => {
  const allocate = () => account.vpc('AllocateEipAddress', {})
  for (let count = 2; count < 20; count++) expect(await allocate()).toBeTypeOf('object')
  expect(await allocate()).toBe('400 QuotaExceeded.Eip: Elastic IP address quota exceeded.')
  expect(
    await account.alb('CreateLoadBalancer', balancerParameters(fleet.vpcId, fleet.vSwitchIds)),
  ).toBe('400 QuotaExceeded.EipsNum: The quota of EipsNum is exceeded.')
  await account.alb('DeleteLoadBalancer', { LoadBalancerId: fleet.loadBalancerId })
  await pass()
  expect(await allocate()).toBeTypeOf('object')
})

describe('CreateLoadBalancer refuses', () => {
  test.each([
    [
      { VpcId: 'vpc-none' },
      '404 ResourceNotFound.Vpc: The specified resource of Vpc is not found.',
    ],
    [
      { 'ZoneMappings.2.VSwitchId': 'vsw-none' },
      '404 ResourceNotFound.VSwitch: The specified resource of VSwitch is not found.',
    ],
    [
      { 'ZoneMappings.2.ZoneId': `${REGION}b` },
      '400 IllegalParamSize.ZoneMappings: The param size of ZoneMappings is illegal.',
    ],
    [
      { 'ZoneMappings.2.ZoneId': `${REGION}a` },
      '400 Mismatch.ZoneIdAndVSwitchId: The ZoneIdAndVSwitchId is mismatched.',
    ],
    [
      { 'LoadBalancerBillingConfig.PayType': 'PrePay' },
      '400 IllegalParam.PayType: The param of PayType is illegal.',
    ],
    [
      { LoadBalancerEdition: 'Golden' },
      '400 IllegalParam.LoadBalancerEdition: The param of LoadBalancerEdition is illegal.',
    ],
    [
      { LoadBalancerName: '1st' },
      '400 IllegalParam.LoadBalancerName: The param of LoadBalancerName is illegal.',
    ],
    [
      { Weather: 'fine' },
      '400 InvalidParameter.Unknown: The action CreateLoadBalancer has no parameter Weather.',
    ],
  ])('%o', async (parameters, refusal) => {
    const wanted = { ...balancerParameters(fleet.vpcId, fleet.vSwitchIds), ...parameters }
    expect(await account.alb('CreateLoadBalancer', wanted)).toBe(refusal)
  })
})

test('a listener runs after a moment, and is changed in place', async () => {
  const { loadBalancerId: LoadBalancerId, serverGroupId } = fleet
  const another = { ...listenerParameters(serverGroupId), ListenerPort: '8080' }
  const ListenerId = await text(
    account.alb('CreateListener', { LoadBalancerId, ...another }),
    'ListenerId',
  )
  const shown = () => account.alb('GetListenerAttribute', { ListenerId })
  expect(await shown()).toMatchObject({ ListenerStatus: 'Provisioning', IdleTimeout: 15 })
  await pass(1000)
  expect(await shown()).toMatchObject({
    ListenerStatus: 'Running',
    ListenerPort: 8080,
    ListenerProtocol: 'HTTP',
    RequestTimeout: 60,
    XForwardedForConfig: { XForwardedForEnabled: true, XForwardedForProtoEnabled: false },
    DefaultActions: [
      { ForwardGroupConfig: { ServerGroupTuples: [{ ServerGroupId: serverGroupId }] } },
    ],
  })
  await account.alb('UpdateListenerAttribute', { ListenerId, IdleTimeout: '30' })
  expect(await account.alb('UpdateListenerAttribute', { ListenerId, IdleTimeout: '40' })).toBe(
    '400 IncorrectStatus.Listener: The status of Listener is incorrect.',
  )
  await pass(1000)
  expect(await shown()).toMatchObject({ ListenerStatus: 'Running', IdleTimeout: 30 })
})

describe('CreateListener refuses', () => {
  test.each([
    [
      { ListenerPort: '80' },
      '400 ResourceAlreadyExist.Listener: The specified resource of Listener already exists.',
    ],
    [
      { 'DefaultActions.1.ForwardGroupConfig.ServerGroupTuples.1.ServerGroupId': 'sgp-none' },
      '404 ResourceNotFound.ServerGroup: The specified resource of ServerGroup is not found.',
    ],
    [
      { ListenerProtocol: 'HTTPS' },
      '400 MissingParam.Certificates: The param of Certificates is missing.',
    ],
    [
      { ListenerProtocol: 'HTTPS', 'Certificates.1.CertificateId': '1-cn' },
      '404 ResourceNotFound.Certificate: The specified resource of Certificate is not found.',
    ],
    [
      { 'Certificates.1.CertificateId': '1-cn' },
      '400 IllegalParam.Certificates: The param of Certificates is illegal.',
    ],
    [{ IdleTimeout: '601' }, '400 IllegalParam.IdleTimeout: The param of IdleTimeout is illegal.'],
    [
      { LoadBalancerId: 'alb-none' },
      '404 ResourceNotFound.LoadBalancer: The specified resource of LoadBalancer is not found.',
    ],
  ])('%o', async (parameters, refusal) => {
    const wanted = { ...listenerParameters(fleet.serverGroupId), ListenerPort: '8080' }
    const { loadBalancerId: LoadBalancerId } = fleet
    expect(await account.alb('CreateListener', { LoadBalancerId, ...wanted, ...parameters })).toBe(
      refusal,
    )
  })
})

test('a certificate that the account has makes an HTTPS listener', async () => {
  account.compute.balancing.addCertificate('1-cn', { key: 'KEY', cert: 'CERT' })
  await account.alb('CreateListener', {
    LoadBalancerId: fleet.loadBalancerId,
    ...listenerParameters(fleet.serverGroupId),
    ListenerPort: '443',
    ListenerProtocol: 'HTTPS',
    'Certificates.1.CertificateId': '1-cn',
  })
  await pass(1000)
  const { ports } = account.compute.balancing.find(fleet.dnsName) ?? { ports: [] }
  expect(ports.map(({ port, certificate }) => [port, certificate?.cert])).toEqual([
    [80, undefined],
    [443, 'CERT'],
  ])
})

test('a server group that a listener forwards to stays', async () => {
  const { serverGroupId: ServerGroupId, listenerId: ListenerId } = fleet
  expect(await account.alb('DeleteServerGroup', { ServerGroupId })).toBe(
    '400 ResourceInUse.ServerGroup: The specified resource of ServerGroup is in use.',
  )
  await account.alb('DeleteListener', { ListenerId })
  await pass(1000)
  expect(await account.alb('DeleteServerGroup', { ServerGroupId })).toMatchObject({
    JobId: expect.stringMatching(/^[a-z0-9-]{36}$/),
  })
  await pass(1000)
  expect(await account.alb('ListServerGroups', { 'ServerGroupIds.1': ServerGroupId })).toEqual({
    NextToken: '',
    MaxResults: 20,
    TotalCount: 0,
    ServerGroups: [],
  })
})

test('a health check is what was asked for, and as usual otherwise', async () => {
  const listed = account.alb('ListServerGroups', { 'ServerGroupIds.1': fleet.serverGroupId })
  expect(await part(listed, 'ServerGroups', 0, 'HealthCheckConfig')).toEqual({
    HealthCheckEnabled: true,
    HealthCheckProtocol: 'HTTP',
    HealthCheckMethod: 'HEAD',
    HealthCheckPath: '/healthz',
    HealthCheckHost: '',
    HealthCheckHttpVersion: 'HTTP1.1',
    HealthCheckConnectPort: 0,
    HealthCheckCodes: ['http_2xx'],
    HealthCheckHttpCodes: ['http_2xx'],
    HealthCheckInterval: 2,
    HealthCheckTimeout: 5,
    HealthyThreshold: 2,
    UnhealthyThreshold: 3,
    HealthCheckTcpFastCloseEnabled: false,
  })
  const wanted = {
    ServerGroupName: 'others',
    VpcId: fleet.vpcId,
    'HealthCheckConfig.HealthCheckEnabled': 'true',
  }
  const interval = { 'HealthCheckConfig.HealthCheckInterval': '51' }
  expect(await account.alb('CreateServerGroup', { ...wanted, ...interval })).toBe(
    '400 IllegalParam.HealthCheckInterval: The param of HealthCheckInterval is illegal.',
  )
  const path = { 'HealthCheckConfig.HealthCheckPath': 'healthz' }
  expect(await account.alb('CreateServerGroup', { ...wanted, ...path })).toBe(
    '400 IllegalParam.HealthCheckPath: The param of HealthCheckPath is illegal.',
  )
})

test('tags are put on and taken off', async () => {
  const { loadBalancerId: LoadBalancerId } = fleet
  const resource = { ResourceType: 'loadbalancer', 'ResourceId.1': LoadBalancerId }
  const tags = () => part(account.alb('GetLoadBalancerAttribute', { LoadBalancerId }), 'Tags')
  await account.alb('TagResources', { ...resource, 'Tag.1.Key': 'project', 'Tag.1.Value': 'up' })
  expect(await tags()).toEqual([{ Key: 'project', Value: 'up' }])
  await account.alb('UnTagResources', { ...resource, 'TagKey.1': 'project' })
  expect(await tags()).toEqual([])
})
