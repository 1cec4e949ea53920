import { pause } from '../pace.ts'
import { randomTail } from '../resource-id.ts'
import type { RegionalResource } from '../resource-store.ts'
import type { AlbState } from './alb-state.ts'

/** A change that ALB makes after it has answered. */
export interface Job extends RegionalResource {
  /** E.g. `CreateListener`. */
  readonly apiName: string
  readonly resourceId: string
  readonly resourceType: 'loadbalancer' | 'listener' | 'servergroup'
  readonly operateType: 'Create' | 'Update' | 'Delete'
  status: 'Processing' | 'Succeeded' | 'Failed'
  modifiedAt: number
}

/**
 * Begins a job.
 *
 * @param finish Run when its time is over
 */
export function beginJob(
  state: AlbState,
  wanted: Pick<Job, 'region' | 'apiName' | 'resourceId' | 'resourceType' | 'operateType'>,
  milliseconds: number,
  finish: () => void,
): Job {
  const now = state.compute.now()
  const id = [8, 4, 4, 4, 12].map((length) => randomTail(length)).join('-')
  const job: Job = { ...wanted, id, createdAt: now, modifiedAt: now, status: 'Processing' }
  state.jobs.add(job)
  void pause(milliseconds).then(() => {
    finish()
    job.status = 'Succeeded'
    job.modifiedAt = state.compute.now()
  })
  return job
}

/** An item of ListAsynJobs. */
export function describeJob(job: Job): object {
  return {
    Id: job.id,
    ApiName: job.apiName,
    ResourceId: job.resourceId,
    ResourceType: job.resourceType,
    OperateType: job.operateType,
    Status: job.status,
    CreateTime: job.createdAt,
    ModifyTime: job.modifiedAt,
    ErrorCode: '',
    ErrorMessage: '',
  }
}
