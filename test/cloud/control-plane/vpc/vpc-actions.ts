import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { pause } from '../durations.ts'
import { listAction } from '../list-action.ts'
import { parseTags, TAG_PARAMETERS } from '../resource-tags.ts'
import { type Ipv4Block, overlap, parseBlock } from './ipv4.ts'
import { requireVpc, vSwitchesOf } from './lookup.ts'
import { checkDescription, checkName } from './names.ts'
import { flag, pages } from './parameters.ts'
import { refuse } from './refusals.ts'
import { DEFAULT_RESOURCE_GROUP, describeVpc, newVpc } from './vpc.ts'

/** Default block of CreateVpc. */
const DEFAULT_BLOCK = '172.16.0.0/12'

/** Blocks that a VPC must not overlap. */
const FORBIDDEN: readonly Ipv4Block[] = [
  '100.64.0.0/10',
  '224.0.0.0/4',
  '127.0.0.0/8',
  '169.254.0.0/16',
]
  .map(parseBlock)
  .filter((block) => block !== undefined)

function isFitting(text: string): boolean {
  const block = parseBlock(text)
  return (
    block !== undefined &&
    block.prefix >= 8 &&
    block.prefix <= 28 &&
    !FORBIDDEN.some((forbidden) => overlap(forbidden, block))
  )
}

/** Returns the actions on VPCs. */
export function vpcActions(state: ComputeState): Actions {
  return {
    /** Pending at first. */
    CreateVpc: {
      parameters: [
        'RegionId',
        'ClientToken?',
        'CidrBlock?',
        'VpcName?',
        'Description?',
        'EnableDnsHostname?',
        ...TAG_PARAMETERS,
      ],
      handle(call) {
        const { parameters, region } = call
        const { CidrBlock: cidrBlock = DEFAULT_BLOCK } = parameters
        if (!isFitting(cidrBlock)) {
          throw refuse('InvalidParameter', 'Specified CIDR block is not valid')
        }
        const vpc = newVpc({
          region,
          createdAt: call.now,
          name: checkName(parameters.VpcName, 'InvalidVpcName.Malformed'),
          description: checkDescription(parameters.Description, 'InvalidVpcDiscription.Malformed'),
          cidrBlock,
          dnsHostnames: flag(parameters, 'EnableDnsHostname', false),
          tags: parseTags(parameters),
        })
        if (state.vpcs.all().length >= state.limits.vpcs) throw refuse('QuotaExceeded.Vpc')
        state.vpcs.add(vpc)
        void pause(state.durations.vpcMs).then(() => {
          vpc.status = 'Available'
        })
        return {
          VpcId: vpc.id,
          VRouterId: vpc.routerId,
          RouteTableId: vpc.routeTableId,
          ResourceGroupId: DEFAULT_RESOURCE_GROUP,
        }
      },
    },
    DescribeVpcs: listAction({
      parameters: ['RegionId'],
      all: () => state.vpcs.all(),
      filters: { VpcId: ({ id }) => id, VpcName: ({ name }) => name },
      paging: pages,
      answer: (items) => ({
        Vpcs: {
          Vpc: items.map((vpc) => {
            const vSwitchIds = vSwitchesOf(state, vpc.id).map((vSwitch) => vSwitch.id)
            return describeVpc(vpc, state.accountId, vSwitchIds)
          }),
        },
      }),
    }),
    DescribeVpcAttribute: {
      parameters: ['RegionId', 'VpcId'],
      handle(call) {
        const vpc = requireVpc(state, call)
        const vSwitchIds = vSwitchesOf(state, vpc.id).map((vSwitch) => vSwitch.id)
        return describeVpc(vpc, state.accountId, vSwitchIds)
      },
    },
    /** A VPC with vSwitches or security groups stays. */
    DeleteVpc: {
      parameters: ['RegionId', 'VpcId', 'ClientToken?'],
      handle(call) {
        const vpc = requireVpc(state, call)
        if (vpc.status !== 'Available') throw refuse('IncorrectVpcStatus')
        if (vSwitchesOf(state, vpc.id).length > 0 || state.vSwitchDeletions.has(vpc.id)) {
          throw refuse('DependencyViolation.VSwitch')
        }
        if (state.securityGroups.all().some((group) => group.vpcId === vpc.id)) {
          throw refuse('DependencyViolation.SecurityGroup')
        }
        state.vpcs.remove(vpc.id)
        return {}
      },
    },
  }
}
