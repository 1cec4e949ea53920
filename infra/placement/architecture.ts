/** CPU architecture of an instance, as Alibaba Cloud spells it. */
export type Architecture = 'x86_64' | 'arm64'

/**
 * Returns the architecture of an instance type. Arm families end in `r` (Ampere) or `y` (Yitian)
 * after their generation: `ecs.g6r.large`, `ecs.c8y.small`.
 * Source: "Instance families", ECS documentation.
 */
export function architectureOf(instanceType: string): Architecture {
  return /^ecs\.[a-z]+\d+[ry]\./.test(instanceType) ? 'arm64' : 'x86_64'
}
