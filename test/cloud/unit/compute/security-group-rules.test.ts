import { beforeEach, describe, expect, test } from 'vitest'
import { account, part, pass, text, useAccount } from './account.ts'
import answers from './answers.json' with { type: 'json' }

let SecurityGroupId: string

useAccount()

beforeEach(async () => {
  const VpcId = await text(account.vpc('CreateVpc'), 'VpcId')
  await pass()
  const made = account.ecs('CreateSecurityGroup', { VpcId })
  SecurityGroupId = await text(made, 'SecurityGroupId')
})

const WEB = { IpProtocol: 'tcp', PortRange: '80/80', SourceCidrIp: '0.0.0.0/0' }

function permissions(...rules: Record<string, string>[]): Record<string, string> {
  return Object.fromEntries(
    rules.flatMap((rule, index) =>
      Object.entries(rule).map(([key, value]) => [`Permissions.${index + 1}.${key}`, value]),
    ),
  )
}

function authorize(...rules: Record<string, string>[]): Promise<unknown> {
  return account.ecs('AuthorizeSecurityGroup', { SecurityGroupId, ...permissions(...rules) })
}

async function rules(parameters: Record<string, string> = {}): Promise<unknown> {
  const wanted = { SecurityGroupId, ...parameters }
  return part(account.ecs('DescribeSecurityGroupAttribute', wanted), 'Permissions', 'Permission')
}

test('an ingress rule is shown whole', async () => {
  expect(await authorize({ ...WEB, NicType: 'intranet', Description: 'the page' })).toEqual({})
  expect(await rules()).toEqual([
    { ...answers.rule, SecurityGroupRuleId: expect.stringMatching(/^sgr-t4n[a-z0-9]{17}$/) },
  ])
})

test('rules are listed with their policy and priority', async () => {
  await authorize(WEB, { ...WEB, PortRange: '443/443', Policy: 'drop', Priority: '100' })
  expect(await rules()).toMatchObject([
    { Direction: 'ingress', PortRange: '80/80', Policy: 'Accept', Priority: '1' },
    { Direction: 'ingress', PortRange: '443/443', Policy: 'Drop', Priority: '100' },
  ])
  expect(await rules({ Direction: 'ingress' })).toHaveLength(2)
  expect(await rules({ Direction: 'egress' })).toEqual([])
})

test('sources may be a lone address, IPv6 or a group of the same VPC', async () => {
  await authorize(
    { ...WEB, SourceCidrIp: '198.51.100.7' },
    { IpProtocol: 'tcp', PortRange: '80/80', Ipv6SourceCidrIp: '2001:db8::/32' },
    { IpProtocol: 'tcp', PortRange: '80/80', SourceGroupId: SecurityGroupId },
    { IpProtocol: 'icmp', PortRange: '-1/-1', SourceCidrIp: '10.0.0.0/8' },
  )
  expect(await rules()).toMatchObject([
    { SourceCidrIp: '198.51.100.7' },
    { SourceCidrIp: '', Ipv6SourceCidrIp: '2001:db8::/32' },
    { SourceCidrIp: '', SourceGroupId: SecurityGroupId },
    { IpProtocol: 'ICMP', PortRange: '-1/-1' },
  ])
})

describe('AuthorizeSecurityGroup', () => {
  test('adds a rule that is there already not again, whatever it is described as', async () => {
    await authorize({ ...WEB, Description: 'one' })
    expect(await authorize({ ...WEB, IpProtocol: 'TCP', Description: 'two' })).toEqual({})
    expect(await rules()).toMatchObject([{ Description: 'one' }])
    await authorize({ ...WEB, Priority: '2' })
    expect(await rules()).toHaveLength(2)
  })

  test('takes all of a call or nothing', async () => {
    expect(await authorize(WEB, { ...WEB, PortRange: '0/0' })).toMatch(/^400/)
    expect(await rules()).toEqual([])
  })

  test('takes two hundred rules', async () => {
    const ports = Array.from({ length: 200 }, (_, index) => `${index + 1}/${index + 1}`)
    for (const from of [0, 100]) {
      const hundred = ports.slice(from, from + 100)
      expect(await authorize(...hundred.map((PortRange) => ({ ...WEB, PortRange })))).toEqual({})
    }
    expect(await authorize({ ...WEB, PortRange: '1000/1000' })).toBe(
      '403 AuthorizationLimitExceed: The limit of authorization records in the security group reaches.',
    )
  })

  const protocol =
    '400 InvalidIpProtocol.ValueNotSupported: The parameter IpProtocol must be specified with case insensitive TCP, UDP, ICMP, GRE or All.'
  const ports = '400 InvalidIpProtocol.Malformed: The specified parameter "PortRange" is not valid.'
  const mismatch =
    '400 OperationDenied: The specified IpProtocol does not exist or IpProtocol and PortRange do not match.'
  const source =
    '400 InvalidSourceCidrIp.Malformed: The specified parameter "SourceCidrIp" is not valid.'
  const priority = '400 InvalidPriority.ValueNotSupported: The parameter Priority is invalid.'

  test.each([
    [{ IpProtocol: 'http' }, protocol],
    [{ IpProtocol: '' }, protocol],
    [{ PortRange: '80' }, ports],
    [{ PortRange: '0/80' }, ports],
    [{ PortRange: '80/65536' }, ports],
    [{ PortRange: '90/80' }, ports],
    [{ PortRange: '-1/-1' }, ports],
    [{ IpProtocol: 'icmp' }, mismatch],
    [{ IpProtocol: 'all' }, mismatch],
    [{ SourceCidrIp: '0.0.0.0/33' }, source],
    [{ SourceCidrIp: '10.0.0.1/8' }, source],
    [{ SourceCidrIp: 'anywhere' }, source],
    [
      { SourceCidrIp: '' },
      '400 MissingParameter.Source: Either SourceCidrIp or SourceGroupId must be specified.',
    ],
    [
      { SourceCidrIp: '', SourceGroupId: 'sg-none' },
      '404 InvalidSourceGroupId.NotFound: The SourceGroupId provided does not exist in our records.',
    ],
    [{ SourceCidrIp: '', Ipv6SourceCidrIp: 'fe80::/129x' }, source],
    [{ Priority: '0' }, priority],
    [{ Priority: '101' }, priority],
    [
      { Policy: 'reject' },
      '400 InvalidPolicy.Malformed: The specified parameter "Policy" is not valid.',
    ],
    [
      { NicType: 'internet' },
      '400 InvalidNicType.ValueNotSupported: The specified NicType does not exist.',
    ],
    [
      { Description: 'x'.repeat(513) },
      '400 InvalidSecurityGroupDiscription.Malformed: The specified security group rule description is not valid.',
    ],
    [
      { DestCidrIp: '0.0.0.0/0' },
      '400 InvalidParameter.Unknown: The action AuthorizeSecurityGroup has no parameter Permissions.1.DestCidrIp.',
    ],
  ])('refuses %o', async (fields, refusal) => {
    expect(await authorize({ ...WEB, ...fields })).toBe(refusal)
    expect(await rules()).toEqual([])
  })

  test('refuses a group of another VPC, and no rule at all', async () => {
    const VpcId = await text(account.vpc('CreateVpc'), 'VpcId')
    await pass()
    const other = await text(account.ecs('CreateSecurityGroup', { VpcId }), 'SecurityGroupId')
    expect(await authorize({ ...WEB, SourceCidrIp: '', SourceGroupId: other })).toBe(
      '400 InvalidSourceGroupId.Mismatch: Specified security group and source group are not in the same VPC.',
    )
    expect(await authorize()).toBe('400 MissingParameter: Miss mandatory parameter.')
  })
})

test('RevokeSecurityGroup takes the rule it names, and none is no error', async () => {
  await authorize({ ...WEB, Description: 'one' }, { ...WEB, PortRange: '443/443' })
  const revoke = { SecurityGroupId, ...WEB, Policy: 'accept', Priority: '1', Description: 'other' }
  expect(await account.ecs('RevokeSecurityGroup', revoke)).toEqual({})
  expect(await rules()).toMatchObject([{ PortRange: '443/443' }])
  expect(await account.ecs('RevokeSecurityGroup', revoke)).toEqual({})
  expect(await account.ecs('RevokeSecurityGroup', { ...revoke, PortRange: '443/443' })).toEqual({})
  expect(await rules()).toEqual([])
})

test('DescribeSecurityGroupAttribute refuses what the provider sends for an unset nicType', async () => {
  expect(
    await account.ecs('DescribeSecurityGroupAttribute', { SecurityGroupId, NicType: '<nil>' }),
  ).toBe('400 InvalidNicType.ValueNotSupported: The specified NicType does not exist.')
  expect(
    await account.ecs('DescribeSecurityGroupAttribute', { SecurityGroupId, Direction: 'up' }),
  ).toBe('400 InvalidParamter: Invalid Parameter')
})
