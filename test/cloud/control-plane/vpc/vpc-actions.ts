import type { Actions } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { pause } from '../durations.ts'
import { parseTags, TAG_PARAMETERS } from '../resource-tags.ts'
import { type Ipv4Block, overlap, parseBlock } from './ipv4.ts'
import { requireVpc, vSwitchesOf } from './lookup.ts'
import { checkDescription, checkName } from './names.ts'
import { flag } from './parameters.ts'
import { refuse } from './refusals.ts'
import { DEFAULT_RESOURCE_GROUP, describeVpc, newVpc } from './vpc.ts'

/** VPCs of an account in one region. */
const QUOTA = 10

/** What CreateVpc takes where no block is named. */
const DEFAULT_BLOCK = '172.16.0.0/12'

/** A VPC's block may be anything but these and what they hold. */
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
    /** Makes a VPC, Pending for a moment. */
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
        const { parameters } = call
        const { region } = state
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
        if (state.vpcs.all().length >= QUOTA) throw refuse('QuotaExceeded.Vpc')
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
    /** Answers 404 for a VPC that is not there. */
    DescribeVpcAttribute: {
      parameters: ['RegionId', 'VpcId'],
      handle(call) {
        const vpc = requireVpc(state, call)
        const vSwitchIds = vSwitchesOf(state, vpc.id).map((vSwitch) => vSwitch.id)
        return describeVpc(vpc, state.accountId, vSwitchIds)
      },
    },
    /** Deletes a VPC in which nothing is left. */
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
