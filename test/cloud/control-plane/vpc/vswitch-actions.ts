import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { pause } from '../durations.ts'
import { parseTags, TAG_PARAMETERS } from '../resource-tags.ts'
import { encloses, overlap, parseBlock } from './ipv4.ts'
import { requireVpc, requireVSwitch, vSwitchesOf } from './lookup.ts'
import { checkDescription, checkName } from './names.ts'
import { refuse } from './refusals.ts'
import { blockOf, describeVSwitch, newVSwitch } from './vswitch.ts'

/** vSwitches of one VPC. */
const QUOTA = 150

/** Returns the actions on vSwitches. */
export function vSwitchActions(state: ComputeState): Actions {
  return {
    /** One at a time in a VPC that is Available; Pending at first. */
    CreateVSwitch: {
      parameters: [
        'ClientToken?',
        'VpcId',
        'ZoneId',
        'CidrBlock',
        'VSwitchName?',
        'Description?',
        ...TAG_PARAMETERS,
      ],
      handle(call) {
        const { parameters, region } = call
        const vpc = requireVpc(state, call)
        const zoneId = parameters.ZoneId ?? ''
        if (!state.catalogue.zones(region).includes(zoneId)) throw refuse('InvalidZoneId.NotFound')
        const block = parseBlock(parameters.CidrBlock ?? '')
        if (!block) throw refuse('InvalidCidrBlock.Malformed')
        if (block.prefix < 16 || block.prefix > 29) throw refuse('InvalidCirdrBlock.MaskLength')
        if (!encloses(blockOf(vpc), block)) {
          throw refuse('InvalidParameter', 'Specified CIDR block is not valid in VPC.')
        }
        const siblings = vSwitchesOf(state, vpc.id)
        if (siblings.some((sibling) => overlap(blockOf(sibling), block))) {
          throw refuse('InvalidCidrBlock.Overlapped')
        }
        if (vpc.status !== 'Available') throw refuse('IncorrectVpcStatus')
        if (siblings.some(({ status }) => status === 'Pending')) {
          throw refuse(
            'IncorrectVSwitchStatus',
            'VSwitch Creation simultaneously is not supported.',
          )
        }
        if (siblings.length >= QUOTA) throw refuse('QuotaExceeded.VSwitch')
        const vSwitch = newVSwitch({
          region,
          createdAt: call.now,
          vpcId: vpc.id,
          zoneId,
          cidrBlock: parameters.CidrBlock ?? '',
          name: checkName(parameters.VSwitchName, 'InvalidVSwitchName.Malformed'),
          description: checkDescription(
            parameters.Description,
            'InvalidVSwitchDiscription.Malformed',
          ),
          tags: parseTags(parameters),
        })
        state.vSwitches.add(vSwitch)
        void pause(state.durations.vSwitchMs).then(() => {
          vSwitch.status = 'Available'
        })
        return { VSwitchId: vSwitch.id }
      },
    },
    DescribeVSwitchAttributes: {
      parameters: ['VSwitchId'],
      handle(call) {
        const vSwitch = requireVSwitch(state, call)
        const vpc = state.vpcs.get(vSwitch.vpcId)
        if (!vpc) throw new Error(`vSwitch ${vSwitch.id} has outlived its VPC`)
        const inUse = state.interfaces.all().filter(({ vSwitchId }) => vSwitchId === vSwitch.id)
        return describeVSwitch(vSwitch, vpc, state.accountId, inUse.length)
      },
    },
    /** A vSwitch with network interfaces stays. Its VPC can be deleted a moment later. */
    DeleteVSwitch: {
      parameters: ['VSwitchId'],
      handle(call) {
        const vSwitch = requireVSwitch(state, call)
        const pending = vSwitchesOf(state, vSwitch.vpcId).some(({ status }) => status === 'Pending')
        if (pending) throw refuse('IncorrectVSwitchStatus')
        if (state.interfaces.all().some(({ vSwitchId }) => vSwitchId === vSwitch.id)) {
          throw refuse('DependencyViolation')
        }
        state.vSwitches.remove(vSwitch.id)
        state.vSwitchDeletions.add(vSwitch.vpcId)
        void pause(state.durations.vSwitchDeletingMs).then(() => {
          state.vSwitchDeletions.remove(vSwitch.vpcId)
        })
        return {}
      },
    },
  }
}
