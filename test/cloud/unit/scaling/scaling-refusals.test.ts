import { describe, expect, test } from 'vitest'
import { account, part, pass, text } from '../compute/account.ts'
import {
  configurationParameters,
  fleet,
  groupParameters,
  memberIds,
  runGroup,
  useFleet,
} from './fleet.ts'

useFleet()

describe('CreateScalingGroup refuses', () => {
  test.each([
    [
      { MinSize: '3', MaxSize: '2' },
      '400 InvalidParameter.Conflict: The value of parameter "MinSize" and parameter "MaxSize" conflict.',
    ],
    [
      { MaxSize: '2001' },
      '400 InvalidParameter: The specified value of parameter "MaxSize" is not valid.',
    ],
    [
      { DesiredCapacity: '9' },
      '400 InvalidParameter: The specified value of parameter "DesiredCapacity" is not valid.',
    ],
    [
      { 'VSwitchIds.1': 'vsw-none' },
      '404 InvalidVSwitchId.NotFound: The specified virtual switch does not exist.',
    ],
    [
      { 'AlbServerGroup.1.AlbServerGroupId': 'sgp-none' },
      '404 InvalidAlbServerGroupId.NotFound: The specified ALB server group does not exist.',
    ],
    [
      { 'HealthCheckTypes.2': 'LUCK' },
      '400 InvalidParameter: The specified value of parameter "HealthCheckTypes" is not valid.',
    ],
    [
      { GroupType: 'ECI' },
      '400 InvalidParameter: The specified value of parameter "GroupType" is not valid.',
    ],
    [
      { ScalingGroupName: '-' },
      '400 InvalidParameter: The specified value of parameter "ScalingGroupName" is not valid.',
    ],
    [
      { InstanceId: 'i-1' },
      '400 InvalidParameter.Unknown: The action CreateScalingGroup has no parameter InstanceId.',
    ],
  ])('%o', async (parameters, refusal) => {
    const wanted = { ...groupParameters([1, 2]), ...parameters }
    expect(await account.ess('CreateScalingGroup', wanted)).toBe(refusal)
  })
})

test('a group is told back as it was asked for', async () => {
  const made = account.ess('CreateScalingGroup', {
    ...groupParameters([1, 2]),
    ScalingGroupName: 'uploads',
  })
  const ScalingGroupId = await text(made, 'ScalingGroupId')
  const shown = account.ess('DescribeScalingGroups', { 'ScalingGroupId.1': ScalingGroupId })
  const group = await part(shown, 'ScalingGroups', 'ScalingGroup', 0)
  expect(group).toMatchObject({
    ScalingGroupId,
    ScalingGroupName: 'uploads',
    LifecycleState: 'Inactive',
    MinSize: 1,
    MaxSize: 2,
    DefaultCooldown: 300,
    MultiAZPolicy: 'BALANCE',
    VpcId: fleet.vpcId,
    VSwitchIds: { VSwitchId: fleet.vSwitchIds },
    HealthCheckTypes: { HealthCheckType: ['ECS', 'LOAD_BALANCER'] },
    RemovalPolicies: { RemovalPolicy: ['OldestScalingConfiguration', 'OldestInstance'] },
    DBInstanceIds: { DBInstanceId: [] },
    LoadBalancerIds: { LoadBalancerId: [] },
    AlbServerGroups: {
      AlbServerGroup: [{ AlbServerGroupId: fleet.serverGroupId, Port: 80, Weight: 100 }],
    },
  })
  expect(group).not.toHaveProperty('HealthCheckType')
  expect(
    await account.ess('CreateScalingGroup', {
      ...groupParameters([1, 2]),
      ScalingGroupName: 'uploads',
    }),
  ).toBe(
    '400 InvalidScalingGroupName.Duplicate: The specified value of parameter "ScalingGroupName" is duplicated.',
  )
  expect(await account.ess('EnableScalingGroup', { ScalingGroupId })).toBe(
    '400 MissingActiveScalingConfiguration: An active scaling configuration has not been specified for the scaling group.',
  )
})

describe('CreateScalingConfiguration refuses', () => {
  test.each([
    [
      { ScalingGroupId: 'asg-none' },
      '404 InvalidScalingGroupId.NotFound: The specified scaling group does not exist.',
    ],
    [{ ImageId: 'debian' }, '404 InvalidImageId.NotFound: The specified image does not exist.'],
    [
      { 'InstanceTypes.1': 'ecs.none' },
      '400 InvalidParameter: The specified value of parameter "InstanceType" is not valid.',
    ],
    [
      { SecurityGroupId: 'sg-none' },
      '404 InvalidSecurityGroupId.NotFound: The specified security group does not exist.',
    ],
    [
      { RamRoleName: 'nobody' },
      '404 InvalidRamRole.NotFound: The specified RAM role does not exist.',
    ],
    [
      { UserData: 'not base64' },
      '400 InvalidParameter: The specified value of parameter "UserData" is not valid.',
    ],
    [
      { Tags: '{"a":1}' },
      '400 InvalidParameter: The specified value of parameter "Tags" is not valid.',
    ],
    [
      { KeyPairName: 'mine' },
      '404 InvalidKeyPairName.NotFound: The specified key pair does not exist.',
    ],
    [
      { SpotStrategy: 'SpotAsPriceGo' },
      '400 InvalidParameter: The specified value of parameter "SpotStrategy" is not valid.',
    ],
    [
      { 'SystemDisk.Category': 'cloud_auto' },
      '400 InvalidParameter: The specified value of parameter "SystemDisk.Category" is not valid.',
    ],
    [
      { 'SystemDisk.Category': 'cloud_essd_entry' },
      '400 InvalidParameter: The specified value of parameter "SystemDisk.Category" is not valid.',
    ],
  ])('%o', async (parameters, refusal) => {
    const group = account.ess('CreateScalingGroup', groupParameters([0, 1]))
    const wanted = configurationParameters(await text(group, 'ScalingGroupId'))
    expect(await account.ess('CreateScalingConfiguration', { ...wanted, ...parameters })).toBe(
      refusal,
    )
  })
})

test('instances that exist keep their configuration; another active one makes the next ones', async () => {
  const ScalingGroupId = await runGroup([1, 2])
  await pass()
  const listed = await account.ess('DescribeScalingConfigurations', { ScalingGroupId })
  const path = ['ScalingConfigurations', 'ScalingConfiguration', 0] as const
  expect(await part(listed, ...path)).toMatchObject({
    LifecycleState: 'Active',
    InstanceTypes: { InstanceType: ['ecs.u1-c1m2.large'] },
    SecurityGroupId: fleet.securityGroupId,
    RamRoleName: 'server-role',
    UserData: Buffer.from('#cloud-config\n').toString('base64'),
    Tags: { Tag: [{ Key: 'project', Value: 'uploads' }] },
  })
  const second = await text(
    account.ess('CreateScalingConfiguration', {
      ...configurationParameters(ScalingGroupId),
      UserData: Buffer.from('#cloud-config\n# 2\n').toString('base64'),
    }),
    'ScalingConfigurationId',
  )
  await account.ess('ModifyScalingGroup', {
    ScalingGroupId,
    ActiveScalingConfigurationId: second,
    MinSize: '2',
  })
  await pass()
  const data = await memberIds(ScalingGroupId).then((ids) =>
    ids.map((id) => account.compute.describeMachine(id)?.userData),
  )
  expect(data).toEqual(['#cloud-config\n', '#cloud-config\n# 2\n'])
})

describe('a lifecycle hook', () => {
  test('is listed as it was created', async () => {
    const group = account.ess('CreateScalingGroup', groupParameters([0, 1]))
    const ScalingGroupId = await text(group, 'ScalingGroupId')
    const wanted = { ScalingGroupId, LifecycleTransition: 'SCALE_IN', LifecycleHookName: 'drain' }
    const LifecycleHookId = await text(
      account.ess('CreateLifecycleHook', wanted),
      'LifecycleHookId',
    )
    const shown = () =>
      account.ess('DescribeLifecycleHooks', { 'LifecycleHookId.1': LifecycleHookId })
    expect(await part(shown(), 'LifecycleHooks', 'LifecycleHook', 0)).toEqual({
      LifecycleHookId,
      LifecycleHookName: 'drain',
      LifecycleHookStatus: 'Active',
      LifecycleTransition: 'SCALE_IN',
      HeartbeatTimeout: 600,
      DefaultResult: 'CONTINUE',
      NotificationArn: '',
      NotificationMetadata: '',
      ScalingGroupId,
    })
    expect(await account.ess('CreateLifecycleHook', wanted)).toBe(
      '400 InvalidLifecycleHookName.AlreadyExist: The specified value of parameter "LifecycleHookName" already exists.',
    )
    const short = { ...wanted, LifecycleHookName: 'short', HeartbeatTimeout: '29' }
    expect(await account.ess('CreateLifecycleHook', short)).toBe(
      '400 InvalidParameter: The specified value of parameter "HeartbeatTimeout" is not valid.',
    )
  })
})

test('a rule that tracks a metric stands on two alarms', async () => {
  const group = account.ess('CreateScalingGroup', groupParameters([0, 1]))
  const ScalingGroupId = await text(group, 'ScalingGroupId')
  const wanted = {
    ScalingGroupId,
    ScalingRuleType: 'TargetTrackingScalingRule',
    MetricName: 'CpuUtilization',
    TargetValue: '60',
  }
  const ScalingRuleId = await text(account.ess('CreateScalingRule', wanted), 'ScalingRuleId')
  const shown = account.ess('DescribeScalingRules', {
    'ScalingRuleId.1': ScalingRuleId,
    ShowAlarmRules: 'true',
  })
  expect(await part(shown, 'ScalingRules', 'ScalingRule', 0)).toMatchObject({
    TargetValue: 60,
    DisableScaleIn: false,
    ScaleOutEvaluationCount: 3,
    ScaleInEvaluationCount: 15,
    EstimatedInstanceWarmup: 300,
    Alarms: {
      Alarm: [
        { ComparisonOperator: '>', Threshold: 60, EvaluationCount: 3 },
        { ComparisonOperator: '<', Threshold: 54, EvaluationCount: 15 },
      ],
    },
  })
  for (const [parameters, refusal] of [
    [{ MetricName: 'Mood' }, 'The specified value of parameter "MetricName" is not valid.'],
    [{ TargetValue: '-1' }, 'The specified value of parameter "TargetValue" is not valid.'],
    [
      { ScalingRuleType: 'StepScalingRule' },
      'The specified value of parameter "ScalingRuleType" is not valid.',
    ],
  ] as const) {
    expect(await account.ess('CreateScalingRule', { ...wanted, ...parameters })).toBe(
      `400 InvalidParameter: ${refusal}`,
    )
  }
})

test('instances of a group join a server group that is attached by force', async () => {
  const ScalingGroupId = await runGroup([1, 1])
  await pass()
  const [id] = await memberIds(ScalingGroupId)
  const other = await text(
    account.alb('CreateServerGroup', {
      ServerGroupName: 'others',
      VpcId: fleet.vpcId,
      'HealthCheckConfig.HealthCheckEnabled': 'false',
    }),
    'ServerGroupId',
  )
  const servers = async (ServerGroupId: string) => {
    const listed = await part(account.alb('ListServerGroupServers', { ServerGroupId }), 'Servers')
    return (listed as { ServerId: string }[]).map(({ ServerId }) => ServerId)
  }
  const named = (group: string) => ({
    ScalingGroupId,
    'AlbServerGroup.1.AlbServerGroupId': group,
    'AlbServerGroup.1.Port': '80',
  })
  await account.ess('AttachAlbServerGroups', { ...named(other), ForceAttach: 'true' })
  await pass()
  expect([await servers(other), await servers(fleet.serverGroupId)]).toEqual([[id], [id]])
})

test('tags are put on and taken off', async () => {
  const group = account.ess('CreateScalingGroup', groupParameters([0, 1]))
  const resource = {
    ResourceType: 'scalinggroup',
    'ResourceId.1': await text(group, 'ScalingGroupId'),
  }
  await account.ess('TagResources', { ...resource, 'Tag.1.Key': 'project', 'Tag.1.Value': 'up' })
  expect(await account.ess('ListTagResources', resource)).toMatchObject({
    TagResources: { TagResource: [{ TagKey: 'project', TagValue: 'up' }] },
  })
  await account.ess('UntagResources', { ...resource, 'TagKey.1': 'project' })
  expect(await account.ess('ListTagResources', resource)).toMatchObject({
    TagResources: { TagResource: [] },
  })
})
