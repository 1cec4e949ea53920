import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import type { Instance } from './instance.ts'
import * as check from './instance-parameters.ts'
import { requireSettled } from './lookup.ts'
import { flag } from './parameters.ts'
import { checkInstanceType } from './placement.ts'
import { refuse } from './refusals.ts'

/** Returns the actions that change instances. */
export function instanceActions(state: ComputeState): Actions {
  return {
    /**
     * The reference allows changes of user data on stopped instances
     * only; according to the provider's maintainers a running one accepts them
     * (terraform-provider-alicloud issue 1973), and the provider relies on it.
     */
    ModifyInstanceAttribute: {
      parameters: [
        'ClientToken?',
        'InstanceId',
        'InstanceName?',
        'Description?',
        'HostName?',
        'Password?',
        'UserData?',
        'DeletionProtection?',
        'CreditSpecification?',
      ],
      handle(call) {
        const { parameters } = call
        const instance = requireSettled(state, call)
        const { InstanceName, Description, HostName, Password, UserData, DeletionProtection } =
          parameters
        const changed: Partial<Instance> = {}
        if (InstanceName !== undefined) changed.name = check.instanceName(InstanceName)
        if (Description !== undefined) changed.description = check.description(Description)
        if (HostName !== undefined) changed.hostName = check.hostName(HostName)
        if (UserData !== undefined) changed.userData = check.userData(UserData)
        if (DeletionProtection !== undefined) {
          changed.deletionProtection = flag(parameters, 'DeletionProtection', false)
        }
        if (Password !== undefined) {
          check.password(Password)
          changed.hasPassword = true
        }
        if (parameters.CreditSpecification !== undefined) {
          if (!instance.type.burstable) throw refuse('InvalidParameter')
          changed.creditSpecification = parameters.CreditSpecification
        }
        Object.assign(instance, changed)
        return {}
      },
    },
    /** Changes how the metadata service of an instance answers. */
    ModifyInstanceMetadataOptions: {
      parameters: [
        'RegionId',
        'InstanceId',
        'HttpEndpoint',
        'HttpTokens?',
        'HttpPutResponseHopLimit?',
      ],
      handle(call) {
        const { HttpEndpoint = '', HttpTokens, HttpPutResponseHopLimit } = call.parameters
        const { metadata } = requireSettled(state, call)
        const endpoint = check.httpEndpoint(HttpEndpoint)
        const tokens = HttpTokens === undefined ? metadata.httpTokens : check.httpTokens(HttpTokens)
        const limit = check.hopLimit(HttpPutResponseHopLimit ?? String(metadata.hopLimit))
        Object.assign(metadata, { httpEndpoint: endpoint, httpTokens: tokens, hopLimit: limit })
        return {}
      },
    },
    /** The instance is stopped; its zone sells the type, and image and disk fit it. */
    ModifyInstanceSpec: {
      parameters: ['ClientToken?', 'InstanceId', 'InstanceType'],
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
    },
  }
}
