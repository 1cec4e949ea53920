import type { Action } from '../action.ts'
import type { ComputeState } from '../compute-state.ts'
import { pause } from '../pace.ts'
import { truth } from '../parameter-values.ts'
import { parseTags } from '../resource-tags.ts'
import { type Ipv4Block, overlap, parseBlock } from './ipv4.ts'
import { requireRegion, requireVpc, vSwitchesOf } from './lookup.ts'
import { checkDescription, checkName } from './names.ts'
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

function checkTruth(text: string | undefined): boolean | undefined {
  if (text === undefined) return undefined
  const value = truth(text)
  if (value === undefined) throw refuse('InvalidParameter')
  return value
}

/** Makes a VPC, Pending for a moment. */
export function createVpc(state: ComputeState): Action {
  return {
    permission: 'vpc:CreateVpc',
    parameters: {
      RegionId: 'required',
      ClientToken: 'optional',
      CidrBlock: 'optional',
      VpcName: 'optional',
      Description: 'optional',
      EnableDnsHostname: 'optional',
      'Tag.N.Key': 'optional',
      'Tag.N.Value': 'optional',
    },
    handle(call) {
      const { parameters } = call
      const region = requireRegion(state, call)
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
        dnsHostnames: checkTruth(parameters.EnableDnsHostname) ?? false,
        tags: parseTags(parameters),
      })
      if (state.vpcs.in(region).length >= QUOTA) throw refuse('QuotaExceeded.Vpc')
      state.vpcs.add(vpc)
      void pause(state.pace.vpcMs).then(() => {
        vpc.status = 'Available'
      })
      return {
        VpcId: vpc.id,
        VRouterId: vpc.routerId,
        RouteTableId: vpc.routeTableId,
        ResourceGroupId: DEFAULT_RESOURCE_GROUP,
      }
    },
  }
}

/** Answers 404 for a VPC that is not there. */
export function describeVpcAttribute(state: ComputeState): Action {
  return {
    permission: 'vpc:DescribeVpcAttribute',
    parameters: { RegionId: 'required', VpcId: 'required' },
    handle(call) {
      const vpc = requireVpc(state, call)
      const vSwitchIds = vSwitchesOf(state, vpc.id).map((vSwitch) => vSwitch.id)
      return describeVpc(vpc, state.accountId, vSwitchIds)
    },
  }
}

/** Deletes a VPC in which nothing is left. */
export function deleteVpc(state: ComputeState): Action {
  return {
    permission: 'vpc:DeleteVpc',
    parameters: { RegionId: 'required', VpcId: 'required', ClientToken: 'optional' },
    handle(call) {
      const vpc = requireVpc(state, call)
      if (vpc.status !== 'Available') throw refuse('IncorrectVpcStatus')
      if (vSwitchesOf(state, vpc.id).length > 0 || state.vSwitchRemnants.has(vpc.id)) {
        throw refuse('DependencyViolation.VSwitch')
      }
      if (state.securityGroups.all().some((group) => group.vpcId === vpc.id)) {
        throw refuse('DependencyViolation.SecurityGroup')
      }
      state.vpcs.remove(vpc.id)
      return {}
    },
  }
}
