import type { Action, ActionCall } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { truth, wholeNumber } from '../parameter-values.ts'
import type { Instance } from './instance.ts'
import {
  checkDescription,
  checkHostName,
  checkHttpEndpoint,
  checkHttpTokens,
  checkInstanceName,
  checkPassword,
  checkUserData,
} from './instance-parameters.ts'
import { requireInstance } from './lookup.ts'
import { powerOff, powerOn, reboot, release, wipe } from './machine.ts'
import { refuse } from './refusals.ts'
import { checkInstanceType } from './run-instances.ts'
import { newSystemDisk } from './system-disk.ts'
import { checkDiskSize } from './system-disk-parameters.ts'

function isTrue(text: string | undefined): boolean {
  const value = truth(text ?? 'false')
  if (value === undefined) throw refuse('InvalidParameter')
  return value
}

/** An instance that is Running or Stopped and not on its way out. */
function requireSettled(state: ComputeState, call: ActionCall): Instance {
  const instance = requireInstance(state, call)
  if (instance.releasing || !['Running', 'Stopped'].includes(instance.status)) {
    throw refuse('IncorrectInstanceStatus')
  }
  return instance
}

function requireStopped(state: ComputeState, call: ActionCall): Instance {
  const instance = requireSettled(state, call)
  if (instance.status !== 'Stopped') throw refuse('IncorrectInstanceStatus')
  return instance
}

/** Powers a stopped instance on. */
export function startInstance(state: ComputeState): Action {
  return {
    permission: 'ecs:StartInstance',
    parameters: { RegionId: 'optional', InstanceId: 'required' },
    handle(call) {
      const instance = requireStopped(state, call)
      instance.stoppedMode = 'Not-applicable'
      powerOn(state, instance)
      return {}
    },
  }
}

/** Powers a running instance off. */
export function stopInstance(state: ComputeState): Action {
  return {
    permission: 'ecs:StopInstance',
    parameters: {
      RegionId: 'optional',
      InstanceId: 'required',
      ForceStop: 'optional',
      StoppedMode: 'optional',
    },
    handle(call) {
      const instance = requireSettled(state, call)
      isTrue(call.parameters.ForceStop)
      const mode = call.parameters.StoppedMode ?? 'KeepCharging'
      if (mode !== 'KeepCharging' && mode !== 'StopCharging') throw refuse('InvalidParameter')
      if (instance.status !== 'Running') throw refuse('IncorrectInstanceStatus')
      instance.stoppedMode = mode
      powerOff(state, instance)
      return {}
    },
  }
}

/** Powers a running instance off and on. */
export function rebootInstance(state: ComputeState): Action {
  return {
    permission: 'ecs:RebootInstance',
    parameters: { RegionId: 'optional', InstanceId: 'required', ForceStop: 'optional' },
    handle(call) {
      const instance = requireSettled(state, call)
      isTrue(call.parameters.ForceStop)
      if (instance.status !== 'Running') throw refuse('IncorrectInstanceStatus')
      reboot(state, instance)
      return {}
    },
  }
}

/** Releases an instance: a stopped one, or a running one by force. */
export function deleteInstance(state: ComputeState): Action {
  return {
    permission: 'ecs:DeleteInstance',
    parameters: { RegionId: 'optional', InstanceId: 'required', Force: 'optional' },
    handle(call) {
      const instance = requireInstance(state, call)
      const force = isTrue(call.parameters.Force)
      if (instance.releasing) return {}
      if (instance.deletionProtection) throw refuse('InvalidOperation.DeletionProtection')
      if (instance.status === 'Pending' || instance.status === 'Starting') {
        throw refuse('IncorrectInstanceStatus.Initializing')
      }
      if (instance.status === 'Stopping' || (instance.status === 'Running' && !force)) {
        throw refuse('IncorrectInstanceStatus')
      }
      release(state, instance)
      return {}
    },
  }
}

/** Changes what an instance is called, carries and is protected from. */
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
        changed.deletionProtection = isTrue(DeletionProtection)
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
      const limit =
        HttpPutResponseHopLimit === undefined
          ? metadata.hopLimit
          : wholeNumber(HttpPutResponseHopLimit)
      if (limit === undefined || limit < 1 || limit > 64) {
        throw refuse('InvalidHttpPutResponseHopLimit')
      }
      Object.assign(metadata, { httpEndpoint: endpoint, httpTokens: tokens, hopLimit: limit })
      return {}
    },
  }
}

/** Gives a stopped instance a new system disk made from an image; the old one is lost. */
export function replaceSystemDisk(state: ComputeState): Action {
  return {
    permission: 'ecs:ReplaceSystemDisk',
    parameters: {
      RegionId: 'optional',
      ClientToken: 'optional',
      InstanceId: 'required',
      ImageId: 'required',
      'SystemDisk.Size': 'optional',
      Encrypted: 'optional',
      Password: 'optional',
      PasswordInherit: 'optional',
      SecurityEnhancementStrategy: 'optional',
    },
    handle(call) {
      const { parameters } = call
      const instance = requireStopped(state, call)
      const image = state.catalogue.image(parameters.ImageId ?? '')
      if (!image) throw refuse('InvalidImageId.NotFound')
      if (image.architecture !== instance.type.architecture) {
        throw refuse('ImageNotSupportInstanceType')
      }
      if (parameters.Password) checkPassword(parameters.Password)
      const { category, performanceLevel, name, description } = instance.disk
      const wanted = parameters['SystemDisk.Size'] ?? String(instance.disk.size)
      const size = checkDiskSize(wanted, category, performanceLevel, image)
      if (size < instance.disk.size) throw refuse('InvalidSystemDiskSize.ValueNotSupported')
      instance.disk = newSystemDisk(instance.region, {
        createdAt: call.now,
        category,
        imageId: image.id,
        encrypted: isTrue(parameters.Encrypted),
        size,
        performanceLevel,
        name,
        description,
        tags: new Map(instance.disk.tags),
      })
      instance.image = image
      wipe(state, instance)
      return { DiskId: instance.disk.id }
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
      const instance = requireStopped(state, call)
      const type = checkInstanceType(state, call.parameters.InstanceType, instance.zoneId)
      if (type.architecture !== instance.image.architecture) {
        throw refuse('ImageNotSupportInstanceType')
      }
      if (!type.systemDiskCategories.includes(instance.disk.category)) {
        throw refuse('InvalidSystemDiskCategory.ValueNotSupported')
      }
      instance.type = type
      return {}
    },
  }
}
