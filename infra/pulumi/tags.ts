import type { Input } from '@pulumi/pulumi'

/** Arguments of a component whose resources have tags. */
export interface TaggedArgs {
  /** Tags of every resource that supports them. @default none */
  tags?: Input<Record<string, Input<string>>> | undefined
}

/** Returns the tags as an argument of a resource; empty without tags. */
export function tagsOf({ tags }: TaggedArgs): { tags?: Input<Record<string, Input<string>>> } {
  return tags === undefined ? {} : { tags }
}
