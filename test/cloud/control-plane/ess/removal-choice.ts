import type { Member } from './member.ts'
import type { ScalingConfiguration } from './scaling-configuration.ts'
import type { RemovalPolicy, ScalingGroup } from './scaling-group.ts'

type ConfigurationAge = (configurationId: string) => ScalingConfiguration['createdAt']

function narrow(members: readonly Member[], policy: RemovalPolicy, age: ConfigurationAge) {
  const order: Record<RemovalPolicy, (member: Member) => number> = {
    OldestInstance: ({ createdAt }) => createdAt,
    NewestInstance: ({ createdAt }) => -createdAt,
    OldestScalingConfiguration: ({ configurationId }) => age(configurationId),
  }
  const first = Math.min(...members.map(order[policy]))
  return members.filter((member) => order[policy](member) === first)
}

/**
 * Chooses the instances to remove: in the zone with the most where zones are balanced,
 * then by the removal policies in their order.
 *
 * @param age When a configuration was made, by its id
 */
export function chooseForRemoval(
  { members, multiAzPolicy, removalPolicies, extras }: ScalingGroup,
  count: number,
  age: ConfigurationAge,
): Member[] {
  const left = members.filter(({ lifecycleState }) => lifecycleState === 'InService')
  const chosen: Member[] = []
  while (chosen.length < count && left.length > 0) {
    let candidates: readonly Member[] = left
    if (multiAzPolicy === 'BALANCE' || extras.azBalance) {
      const load = (zone: string) => left.filter(({ zoneId }) => zoneId === zone).length
      const most = Math.max(...left.map(({ zoneId }) => load(zoneId)))
      candidates = left.filter(({ zoneId }) => load(zoneId) === most)
    }
    for (const policy of removalPolicies) candidates = narrow(candidates, policy, age)
    const [member] = candidates
    if (!member) break
    chosen.push(member)
    left.splice(left.indexOf(member), 1)
  }
  return chosen
}
