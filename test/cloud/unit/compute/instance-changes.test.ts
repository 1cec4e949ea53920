import { describe, expect, test } from 'vitest'
import { account, part, pass, runServer, showInstance, useNetwork } from './account.ts'

const WRONG_STATUS =
  '403 IncorrectInstanceStatus: The current status of the resource does not support this operation.'

useNetwork()

describe('changes', () => {
  test('ModifyInstanceAttribute changes all that is named, or nothing', async () => {
    const InstanceId = await runServer()
    const UserData = Buffer.from('new').toString('base64')
    const change = { InstanceId, InstanceName: 'web', Description: 'new', HostName: 'web-2' }
    expect(await account.ecs('ModifyInstanceAttribute', { ...change, UserData })).toEqual({})
    expect(await showInstance(InstanceId)).toMatchObject([
      { InstanceName: 'web', Description: 'new', HostName: 'web-2' },
    ])
    expect(await account.ecs('DescribeUserData', { InstanceId })).toMatchObject({ UserData })
    const wrong = { InstanceId, InstanceName: 'other', Password: 'short' }
    expect(await account.ecs('ModifyInstanceAttribute', wrong)).toBe(
      '400 InvalidPassword.Malformed: The specified parameter "Password" is not valid.',
    )
    expect(await showInstance(InstanceId)).toMatchObject([{ InstanceName: 'web' }])
    const credits = { InstanceId, CreditSpecification: 'Unlimited' }
    expect(await account.ecs('ModifyInstanceAttribute', credits)).toBe(
      '400 InvalidParameter: The specified parameter is not valid.',
    )
    await account.ecs('StopInstance', { InstanceId })
    expect(await account.ecs('ModifyInstanceAttribute', change)).toBe(WRONG_STATUS)
  })

  test('ModifyInstanceMetadataOptions keeps what it is not told', async () => {
    const InstanceId = await runServer({ HttpPutResponseHopLimit: '2' })
    const change = { InstanceId, HttpEndpoint: 'enabled', HttpTokens: 'required' }
    expect(await account.ecs('ModifyInstanceMetadataOptions', change)).toEqual({})
    expect(account.compute.describeMachine(InstanceId)?.metadata).toEqual({
      httpEndpoint: 'enabled',
      httpTokens: 'required',
      hopLimit: 2,
    })
    const off = { InstanceId, HttpEndpoint: 'disabled' }
    expect(await account.ecs('ModifyInstanceMetadataOptions', off)).toEqual({})
    expect(account.compute.describeMachine(InstanceId)?.metadata).toEqual({
      httpEndpoint: 'disabled',
      httpTokens: 'required',
      hopLimit: 2,
    })
    const wrong = { ...change, HttpTokens: 'always' }
    expect(await account.ecs('ModifyInstanceMetadataOptions', wrong)).toBe(
      '400 InvalidHttpTokens.NotSupported: The specified HttpTokens not supported, you can use optional(default) or required.',
    )
    expect(await account.ecs('ModifyInstanceMetadataOptions', { InstanceId })).toBe(
      '400 MissingParameter: The input parameter "HttpEndpoint" that is mandatory for processing this request is not supplied.',
    )
  })

  test('metadata options show only to those who ask', async () => {
    const InstanceId = await runServer()
    const answer = account.ecs('DescribeInstances', { InstanceIds: JSON.stringify([InstanceId]) })
    expect(await part(answer, 'Instances', 'Instance', 0, 'MetadataOptions')).toEqual({
      HttpEndpoint: '',
      HttpTokens: '',
    })
  })

  test('a stopped server changes its type to one that fits', async () => {
    const InstanceId = await runServer()
    const larger = { InstanceId, InstanceType: 'ecs.e-c1m4.large' }
    expect(await account.ecs('ModifyInstanceSpec', larger)).toBe(
      '400 InvalidInstanceStatus.NotStopped: The specified Instance status is not stopped.',
    )
    await account.ecs('StopInstance', { InstanceId })
    await pass()
    expect(await account.ecs('ModifyInstanceSpec', larger)).toEqual({})
    expect(await showInstance(InstanceId)).toMatchObject([
      { InstanceType: 'ecs.e-c1m4.large', Memory: 8192 },
    ])
    const refusals = {
      'ecs.c8y.large':
        '403 ImageNotSupportInstanceType: The specified image do not support the InstanceType instance.',
      'ecs.g7.large':
        '403 CategoryViolation: The specified instance does not support this operation because of its disk category.',
      'ecs.t6-c1m1.large':
        '403 InvalidResourceType.NotSupported: user order resource type [vpc][ecs.t6-c1m1.large] not exists in [ap-southeast-1c]',
      'ecs.none':
        '403 InvalidInstanceType.ValueNotSupported: The specified InstanceType beyond the permitted range.',
    }
    for (const [InstanceType, refusal] of Object.entries(refusals)) {
      expect(await account.ecs('ModifyInstanceSpec', { InstanceId, InstanceType })).toBe(refusal)
    }
  })
})
