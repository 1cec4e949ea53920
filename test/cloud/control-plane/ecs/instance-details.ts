import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { listAction } from '../list-action.ts'
import { ONE_PAGE } from '../paging.ts'
import { jsonList } from '../parameter-values.ts'
import { secondText } from '../time-text.ts'
import { describeInstanceBase } from './instance.ts'
import { listedInstances, requireInstance } from './lookup.ts'
import { describeNetworkInterface } from './network-interface.ts'
import { refuse } from './refusals.ts'
import { describeSystemDisk } from './system-disk.ts'

/** Returns the actions that show instances, their disks and network interfaces in detail. */
export function instanceDetailActions(state: ComputeState): Actions {
  return {
    /** Base64. */
    DescribeUserData: {
      parameters: ['RegionId', 'InstanceId'],
      handle(call) {
        const instance = requireInstance(state, call)
        return { RegionId: instance.region, InstanceId: instance.id, UserData: instance.userData }
      },
    },
    /** Base64; empty while the machine has printed nothing. */
    GetInstanceConsoleOutput: {
      parameters: ['RegionId', 'InstanceId'],
      async handle(call) {
        const { id } = requireInstance(state, call)
        const output = (await state.hardware.consoleOutput?.(id)) ?? ''
        return {
          InstanceId: id,
          ConsoleOutput: Buffer.from(output).toString('base64'),
          LastUpdateTime: secondText(call.now),
        }
      },
    },
    DescribeInstanceAttribute: {
      parameters: ['InstanceId'],
      handle(call) {
        const instance = requireInstance(state, call)
        return {
          ...describeInstanceBase(instance),
          InternetMaxBandwidthOut: 0,
          IoOptimized: 'optimized',
          EnableJumboFrame: false,
          PublicIpAddress: { IpAddress: [] },
        }
      },
    },
    /** Lists the private pools that instances draw on: any. */
    DescribeInstanceAttachmentAttributes: listAction({
      parameters: ['RegionId', 'InstanceIds'],
      all: (call) => listedInstances(state, call),
      filters: {},
      paging: ONE_PAGE,
      answer: (instances) => ({
        Instances: {
          Instance: instances.map(({ id }) => ({
            InstanceId: id,
            PrivatePoolOptionsMatchCriteria: 'Open',
            PrivatePoolOptionsId: '',
          })),
        },
      }),
    }),
    /** Lists what the cloud does with instances whose host fails. */
    DescribeInstanceMaintenanceAttributes: listAction({
      parameters: ['RegionId'],
      all: () => state.instances.all(),
      filters: { 'InstanceId.N': ({ id }) => id },
      paging: ONE_PAGE,
      answer: (instances) => ({
        MaintenanceAttributes: {
          MaintenanceAttribute: instances.map(({ id }) => ({
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
      }),
    }),
    /** Lists disks: an instance has its system disk and no other. */
    DescribeDisks: listAction({
      parameters: ['RegionId', 'DiskIds?', 'DiskType?'],
      all({ parameters: { DiskIds, DiskType = 'all' } }) {
        if (!['all', 'system', 'data'].includes(DiskType)) {
          throw refuse('InvalidDiskType.ValueNotSupported')
        }
        const ids = DiskIds === undefined ? undefined : jsonList(DiskIds)
        if (DiskIds !== undefined && !ids) throw refuse('InvalidParameter')
        const instances = DiskType === 'data' ? [] : state.instances.all()
        return instances.filter(({ disk }) => !ids || ids.includes(disk.id))
      },
      filters: { InstanceId: ({ id }) => id },
      paging: ONE_PAGE,
      answer: (instances) => ({
        NextToken: '',
        Disks: { Disk: instances.map((instance) => describeSystemDisk(instance.disk, instance)) },
      }),
    }),
    DescribeNetworkInterfaces: listAction({
      parameters: ['RegionId'],
      all: () => state.interfaces.all(),
      filters: {
        'NetworkInterfaceId.N': ({ id }) => id,
        InstanceId: ({ instanceId }) => instanceId,
        VSwitchId: ({ vSwitchId }) => vSwitchId,
        VpcId: ({ vpcId }) => vpcId,
        SecurityGroupId: ({ securityGroupIds }) => securityGroupIds,
      },
      paging: ONE_PAGE,
      answer: (interfaces) => ({
        NextToken: '',
        NetworkInterfaceSets: {
          NetworkInterfaceSet: interfaces.map((each) =>
            describeNetworkInterface(each, state.accountId),
          ),
        },
      }),
    }),
  }
}
