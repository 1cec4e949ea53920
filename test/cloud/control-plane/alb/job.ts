import type { Actions } from '../action.ts'
import { pause } from '../durations.ts'
import { listAction } from '../list-action.ts'
import { randomTail } from '../resource-id.ts'
import type { Resource, ResourceStore } from '../resource-store.ts'
import { pages } from './values.ts'

/** A change that ALB makes after it has answered. */
export interface Job extends Resource {
  /** E.g. `CreateListener`. */
  readonly apiName: string
  readonly resourceId: string
  readonly resourceType: 'loadbalancer' | 'listener' | 'servergroup'
  status: 'Processing' | 'Succeeded' | 'Failed'
  modifiedAt: number
}

/** The part of the state of ALB that jobs need. */
interface JobState {
  readonly compute: { readonly region: string; now(): number }
  readonly jobs: ResourceStore<Job>
}

/**
 * Starts a job.
 *
 * @param apiName Of the action, e.g. `DeleteListener`
 * @param milliseconds Its duration
 * @param finish Runs at its end
 * @returns What the answer of the action says about it
 */
export function startJob(
  { compute, jobs }: JobState,
  apiName: string,
  resource: Pick<Job, 'resourceId' | 'resourceType'>,
  milliseconds: number,
  finish: () => void = () => {},
): { JobId: string } {
  const now = compute.now()
  const job: Job = {
    ...resource,
    id: [8, 4, 4, 4, 12].map((length) => randomTail(length)).join('-'),
    region: compute.region,
    createdAt: now,
    modifiedAt: now,
    apiName,
    status: 'Processing',
  }
  jobs.add(job)
  void pause(milliseconds).then(() => {
    finish()
    job.status = 'Succeeded'
    job.modifiedAt = compute.now()
  })
  return { JobId: job.id }
}

function describeJob(job: Job): object {
  return {
    Id: job.id,
    ApiName: job.apiName,
    ResourceId: job.resourceId,
    ResourceType: job.resourceType,
    OperateType: /^(Create|Delete)/.exec(job.apiName)?.[1] ?? 'Update',
    Status: job.status,
    CreateTime: job.createdAt,
    ModifyTime: job.modifiedAt,
    ErrorCode: '',
    ErrorMessage: '',
  }
}

/** Returns the action that lists jobs, also those that have ended. */
export function jobActions({ jobs }: JobState): Actions {
  return {
    ListAsynJobs: listAction({
      all: () => jobs.all(),
      filters: {
        'JobIds.N': ({ id }) => id,
        'ResourceIds.N': ({ resourceId }) => resourceId,
        ResourceType: ({ resourceType }) => resourceType,
        ApiName: ({ apiName }) => apiName,
      },
      paging: pages,
      answer: (items) => ({ Jobs: items.map(describeJob) }),
    }),
  }
}
