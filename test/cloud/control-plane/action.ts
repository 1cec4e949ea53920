import type { RamPolicy } from '../../../app/oss/index.ts'

/** Parameters of one call, merged from query and body, the signature's own left out. */
export type ActionParameters = Readonly<Record<string, string>>

/** One call of a cloud API that has passed signature, parameter and permission checks. */
export interface ActionCall {
  parameters: ActionParameters
  /** E.g. `ap-southeast-1`: RegionId where it is sent, else the region of the host that was called. */
  region: string
  requestId: string
  /** Milliseconds since 1970 on the simulated cloud's clock. */
  now: number
  /** Who has signed; the gateway always says so. */
  caller?: Caller
}

/** Who makes a call: the account itself, one of its RAM users, or a session of one of its roles. */
export interface Caller {
  kind: 'account' | 'user' | 'role'
  /** `root`, `user/NAME` or `role/NAME/SESSION`. */
  name: string
  /** `acs:ram::ACCOUNT:root`, `acs:ram::ACCOUNT:user/NAME`, `acs:ram::ACCOUNT:assumed-role/NAME/SESSION`. */
  arn: string
  /** As GetCallerIdentity tells it. */
  principalId: string
  accessKeyId: string
  /** All that it is allowed by. @default everything is allowed */
  policies?: readonly RamPolicy[]
}

/** How often a parameter may be there. Names of repeated ones are written `Tag.N.Key`. */
export type ParameterNeed = 'required' | 'optional'

/** One action of an API. A parameter that is not listed is refused, as is an action that is not there. */
export interface Action {
  /** What RAM must allow, e.g. `ecs:RunInstances`. */
  permission: string
  /** Whether any caller may, whatever RAM says. @default false */
  open?: boolean
  /**
   * What the permission is needed for, by the parameters: every one of them,
   * `acs:PRODUCT:REGION:ACCOUNT:` left out. @default `*`
   */
  resources?(parameters: ActionParameters): readonly string[]
  parameters: Readonly<Record<string, ParameterNeed>>
  /**
   * The body of the answer, without RequestId.
   *
   * @throws ActionError
   */
  handle(call: ActionCall): object | Promise<object>
}

/** The actions of one API version of one product, by name. */
export interface Product {
  /** As the location service and RAM know it, e.g. `ecs`. */
  code: string
  /** E.g. `2014-05-26`. */
  version: string
  actions: Readonly<Record<string, Action>>
}

/** A refusal of the API: `{ Code, Message, RequestId, HostId }` with its HTTP status. */
export class ActionError extends Error {
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string) {
    super(message)
    this.name = 'ActionError'
    this.status = status
    this.code = code
  }
}
