import type { Action } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import type { Instance } from './instance.ts'
import {
  checkDescription,
  checkHopLimit,
  checkHostName,
  checkHttpEndpoint,
  checkHttpTokens,
  checkInstanceName,
  checkPassword,
  checkTruth,
  checkUserData,
} from './instance-parameters.ts'
import { requireSettled } from './lookup.ts'
import { checkInstanceType } from './placement.ts'
import { refuse } from './refusals.ts'

/**
 * Changes what an instance is called, carries and is protected from. The reference wants user data
 * changed on a stopped instance only; the provider's maintainers say that a running one takes it
 * (terraform-provider-alicloud issue 1973), and the provider relies on that.
 */
export function modifyInstanceAttribute(state: ComputeState): Action {
  return {
    permission: 'ecs:ModifyInstanceAttribute',
    parameters: {
      RegionId: 'optional',
      ClientToken: 'optional',
      InstanceId: 'required',
      InstanceName: 'optional',
      Description: 'optional',
      HostName: 'optional',
      Password: 'optional',
      UserData: 'optional',
      DeletionProtection: 'optional',
      CreditSpecification: 'optional',
    },
    handle(call) {
      const { parameters } = call
      const instance = requireSettled(state, call)
      const { InstanceName, Description, HostName, Password, UserData, DeletionProtection } =
        parameters
      const changed: Partial<Instance> = {}
      if (InstanceName !== undefined) changed.name = checkInstanceName(InstanceName)
      if (Description !== undefined) changed.description = checkDescription(Description)
      if (HostName !== undefined) changed.hostName = checkHostName(HostName)
      if (UserData !== undefined) changed.userData = checkUserData(UserData)
      if (DeletionProtection !== undefined) {
        changed.deletionProtection = checkTruth(DeletionProtection)
      }
      if (Password !== undefined) {
        checkPassword(Password)
        changed.hasPassword = true
      }
      if (parameters.CreditSpecification !== undefined) {
        if (!instance.type.burstable) throw refuse('InvalidParameter')
        changed.creditSpecification = parameters.CreditSpecification
      }
      Object.assign(instance, changed)
      return {}
    },
  }
}

/** Changes how the metadata service of an instance answers. */
export function modifyInstanceMetadataOptions(state: ComputeState): Action {
  return {
    permission: 'ecs:ModifyInstanceMetadataOptions',
    parameters: {
      RegionId: 'required',
      InstanceId: 'required',
      HttpEndpoint: 'required',
      HttpTokens: 'optional',
      HttpPutResponseHopLimit: 'optional',
    },
    handle(call) {
      const { HttpEndpoint = '', HttpTokens, HttpPutResponseHopLimit } = call.parameters
      const { metadata } = requireSettled(state, call)
      const endpoint = checkHttpEndpoint(HttpEndpoint)
      const tokens = HttpTokens === undefined ? metadata.httpTokens : checkHttpTokens(HttpTokens)
      const limit = checkHopLimit(HttpPutResponseHopLimit ?? String(metadata.hopLimit))
      Object.assign(metadata, { httpEndpoint: endpoint, httpTokens: tokens, hopLimit: limit })
      return {}
    },
  }
}

/** Changes the type of a stopped instance to one that its zone sells and its image and disk fit. */
export function modifyInstanceSpec(state: ComputeState): Action {
  return {
    permission: 'ecs:ModifyInstanceSpec',
    parameters: {
      RegionId: 'optional',
      ClientToken: 'optional',
      InstanceId: 'required',
      InstanceType: 'required',
    },
    handle(call) {
      const instance = requireSettled(state, call)
      if (instance.status !== 'Stopped') throw refuse('InvalidInstanceStatus.NotStopped')
      const type = checkInstanceType(state, call.parameters.InstanceType, instance.zoneId)
      if (type.architecture !== instance.image.architecture) {
        throw refuse('ImageNotSupportInstanceType')
      }
      if (!type.systemDiskCategories.includes(instance.disk.category)) {
        throw refuse('CategoryViolation')
      }
      instance.type = type
      return {}
    },
  }
}
