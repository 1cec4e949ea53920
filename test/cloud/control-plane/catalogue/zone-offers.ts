/**
 * Families of instance types that a zone sells. No zone sells all, some sell no economy types and
 * some no Arm types, so that a program that takes the first zone fails.
 */
const OFFERS: Readonly<Record<string, readonly string[]>> = {
  'cn-hangzhou-h': ['ecs.t5', 'ecs.t6', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'cn-hangzhou-i': ['ecs.t6', 'ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'cn-hangzhou-j': ['ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7', 'ecs.c8y', 'ecs.g8y'],
  'cn-hangzhou-k': ['ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7', 'ecs.c8y', 'ecs.g8y'],
  'cn-beijing-g': ['ecs.t6', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'cn-beijing-h': ['ecs.t6', 'ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'cn-beijing-k': ['ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'cn-beijing-l': ['ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7', 'ecs.c8y', 'ecs.g8y'],
  'cn-hongkong-b': ['ecs.t5', 'ecs.t6', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'cn-hongkong-c': ['ecs.t6', 'ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'cn-hongkong-d': ['ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7', 'ecs.g8y'],
  'ap-southeast-1a': ['ecs.t5', 'ecs.t6', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'ap-southeast-1b': ['ecs.t6', 'ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'ap-southeast-1c': ['ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7', 'ecs.c8y', 'ecs.g8y'],
  'us-west-1a': ['ecs.t6', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'us-west-1b': ['ecs.t6', 'ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'eu-central-1a': ['ecs.t6', 'ecs.u1', 'ecs.c7', 'ecs.g7'],
  'eu-central-1b': ['ecs.t6', 'ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7', 'ecs.c8y'],
  'eu-central-1c': ['ecs.e', 'ecs.u1', 'ecs.c7', 'ecs.g7', 'ecs.c8y', 'ecs.g8y'],
}

/** Returns the families of instance types that a zone sells, e.g. `ecs.e`. */
export function familiesSoldIn(zoneId: string): readonly string[] {
  return OFFERS[zoneId] ?? []
}
