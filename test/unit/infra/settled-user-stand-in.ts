import type { Output } from '@pulumi/pulumi'

/** Stands in for the module that asks RAM for the age of a user. */
export const settledUserName = ({ name }: { name: Output<string> }): Output<string> => name
