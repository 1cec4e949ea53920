import type { Probe } from '../probe.ts'
import { accountProbes } from './account-probes.ts'
import { bucketProbes } from './bucket-probes.ts'
import { formProbes } from './form-probes.ts'

/** Every question that is asked. */
export const PROBES: readonly Probe[] = [...formProbes, ...bucketProbes, ...accountProbes]

export { NOT_ASKED } from './not-asked.ts'
