import * as pulumi from '@pulumi/pulumi'
import { expect, test } from 'vitest'
import { LoadBalancer } from '../../../infra/fleet/load-balancer.ts'
import { recordRegistrations, resolved, settled } from './registrations.ts'

const DNS_NAME = 'alb-x.ap-southeast-1.alb.aliyuncsslbintl.com'

test('a load balancer has two zones and a DNS name', async () => {
  const recorded = await recordRegistrations({
    outputs: { 'alicloud:alb/loadBalancer:LoadBalancer': () => ({ dnsName: DNS_NAME }) },
  })
  const zone = (letter: string) => ({
    zoneId: pulumi.output(`ap-southeast-1${letter}`),
    vswitchId: pulumi.output(`vsw-${letter}`),
  })
  const balancer = new LoadBalancer('front', {
    vpcId: 'vpc-1',
    zones: [zone('a'), zone('b')],
    tags: { team: 'web' },
  })
  await settled()

  expect(recorded).toEqual([
    { type: 'oss-direct-upload:index:LoadBalancer', name: 'front', inputs: {}, options: {} },
    {
      type: 'alicloud:alb/loadBalancer:LoadBalancer',
      name: 'front-alb',
      parent: 'front',
      inputs: {
        loadBalancerName: 'shop-dev-front',
        addressType: 'Internet',
        addressAllocatedMode: 'Dynamic',
        loadBalancerEdition: 'Standard',
        loadBalancerBillingConfig: { payType: 'PayAsYouGo' },
        vpcId: 'vpc-1',
        zoneMappings: [
          { zoneId: 'ap-southeast-1a', vswitchId: 'vsw-a' },
          { zoneId: 'ap-southeast-1b', vswitchId: 'vsw-b' },
        ],
        tags: { team: 'web' },
      },
      options: { ignoreChanges: ['zoneMappings'] },
    },
  ])
  expect(await resolved(balancer.loadBalancerId)).toBe('front-alb-id')
  expect(await resolved(balancer.address)).toBe(DNS_NAME)
})
