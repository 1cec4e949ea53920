import type { Action } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { jsonList, listOf, minuteText } from '../parameter-values.ts'
import { requireIdList, requireInstance, requireRegion } from './lookup.ts'
import { describeNetworkInterface } from './network-interface.ts'
import { refuse } from './refusals.ts'
import { describeSystemDisk } from './system-disk.ts'

/** Gives back the user data that an instance was made with, Base64. */
export function describeUserData(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeUserData',
    parameters: { RegionId: 'required', InstanceId: 'required' },
    handle(call) {
      const instance = requireInstance(state, call)
      return { RegionId: instance.region, InstanceId: instance.id, UserData: instance.userData }
    },
  }
}

/** Shows one instance; 404 where it is not there. */
export function describeInstanceAttribute(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeInstanceAttribute',
    parameters: { RegionId: 'optional', InstanceId: 'required' },
    handle(call) {
      const instance = requireInstance(state, call)
      const { networkInterface } = instance
      return {
        InstanceId: instance.id,
        InstanceName: instance.name,
        Description: instance.description,
        HostName: instance.hostName,
        Status: instance.status,
        RegionId: instance.region,
        ZoneId: instance.zoneId,
        ImageId: instance.image.id,
        InstanceType: instance.type.id,
        Cpu: instance.type.cpuCores,
        Memory: instance.type.memory * 1024,
        InstanceNetworkType: 'vpc',
        InstanceChargeType: 'PostPaid',
        InternetChargeType: 'PayByTraffic',
        InternetMaxBandwidthIn: 0,
        InternetMaxBandwidthOut: 0,
        IoOptimized: 'optimized',
        EnableJumboFrame: false,
        CreditSpecification: instance.creditSpecification,
        StoppedMode: instance.stoppedMode,
        SerialNumber: instance.id.slice(2),
        CreationTime: minuteText(instance.createdAt),
        ExpiredTime: '2099-12-31T15:59Z',
        SecurityGroupIds: { SecurityGroupId: [...networkInterface.securityGroupIds] },
        PublicIpAddress: { IpAddress: [] },
        InnerIpAddress: { IpAddress: [] },
        VpcAttributes: {
          VpcId: networkInterface.vpcId,
          VSwitchId: networkInterface.vSwitchId,
          NatIpAddress: '',
          PrivateIpAddress: { IpAddress: [networkInterface.privateIp] },
        },
        OperationLocks: { LockReason: [] },
      }
    },
  }
}

/** Shows which private pool an instance would draw on: any. An empty list where none is found. */
export function describeInstanceAttachmentAttributes(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeInstanceAttachmentAttributes',
    parameters: { RegionId: 'required', InstanceIds: 'required' },
    handle(call) {
      const ids = requireIdList(call.parameters.InstanceIds ?? '')
      const found = state.instances
        .in(requireRegion(state, call))
        .filter(({ id }) => ids.includes(id))
      return {
        PageNumber: 1,
        PageSize: 10,
        TotalCount: found.length,
        Instances: {
          Instance: found.map(({ id }) => ({
            InstanceId: id,
            PrivatePoolOptionsMatchCriteria: 'Open',
            PrivatePoolOptionsId: '',
          })),
        },
      }
    },
  }
}

/** Shows what the cloud would do with an instance whose host fails. */
export function describeInstanceMaintenanceAttributes(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeInstanceMaintenanceAttributes',
    parameters: { RegionId: 'required', 'InstanceId.N': 'optional' },
    handle(call) {
      const ids = listOf(call.parameters, 'InstanceId')
      const found = state.instances
        .in(requireRegion(state, call))
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
      return {
        PageNumber: 1,
        PageSize: 10,
        TotalCount: found.length,
        MaintenanceAttributes: {
          MaintenanceAttribute: found.map(({ id }) => ({
            InstanceId: id,
            NotifyOnMaintenance: false,
            ActionOnMaintenance: {
              Value: 'AutoRecover',
              DefaultValue: 'AutoRecover',
              SupportedValues: { SupportedValue: ['Stop', 'AutoRecover', 'AutoRedeploy'] },
            },
            MaintenanceWindows: { MaintenanceWindow: [] },
          })),
        },
      }
    },
  }
}

/** Lists disks: an instance has its system disk and no other. */
export function describeDisks(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeDisks',
    parameters: {
      RegionId: 'required',
      InstanceId: 'optional',
      DiskIds: 'optional',
      DiskType: 'optional',
    },
    handle(call) {
      const { InstanceId, DiskIds, DiskType = 'all' } = call.parameters
      if (!['all', 'system', 'data'].includes(DiskType)) {
        throw refuse('InvalidDiskType.ValueNotSupported')
      }
      const ids = DiskIds === undefined ? undefined : jsonList(DiskIds)
      if (DiskIds !== undefined && !ids) throw refuse('InvalidParameter')
      const found = state.instances
        .in(requireRegion(state, call))
        .filter(() => DiskType !== 'data')
        .filter((instance) => InstanceId === undefined || instance.id === InstanceId)
        .filter((instance) => !ids || ids.includes(instance.disk.id))
      return {
        PageNumber: 1,
        PageSize: 10,
        TotalCount: found.length,
        NextToken: '',
        Disks: { Disk: found.map((instance) => describeSystemDisk(instance.disk, instance)) },
      }
    },
  }
}

/** Lists network interfaces; an empty list where none is found. */
export function describeNetworkInterfaces(state: ComputeState): Action {
  return {
    permission: 'ecs:DescribeNetworkInterfaces',
    parameters: {
      RegionId: 'required',
      'NetworkInterfaceId.N': 'optional',
      InstanceId: 'optional',
      VSwitchId: 'optional',
      VpcId: 'optional',
      SecurityGroupId: 'optional',
    },
    handle(call) {
      const { InstanceId, VSwitchId, VpcId, SecurityGroupId } = call.parameters
      const ids = listOf(call.parameters, 'NetworkInterfaceId')
      const found = state.interfaces
        .in(requireRegion(state, call))
        .filter(({ id }) => ids.length === 0 || ids.includes(id))
        .filter(({ instanceId }) => InstanceId === undefined || instanceId === InstanceId)
        .filter(({ vSwitchId }) => VSwitchId === undefined || vSwitchId === VSwitchId)
        .filter(({ vpcId }) => VpcId === undefined || vpcId === VpcId)
        .filter(
          ({ securityGroupIds }) =>
            SecurityGroupId === undefined || securityGroupIds.includes(SecurityGroupId),
        )
      return {
        PageNumber: 1,
        PageSize: 10,
        TotalCount: found.length,
        NextToken: '',
        NetworkInterfaceSets: {
          NetworkInterfaceSet: found.map((networkInterface) =>
            describeNetworkInterface(networkInterface, state.accountId),
          ),
        },
      }
    },
  }
}
