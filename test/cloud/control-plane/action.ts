import type { RamPolicy } from '@oss-direct-upload/embedded-oss'

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
  /** Who has signed; set by the gateway, except for anonymous calls. */
  caller?: Caller
}

/** Who makes a call: the account itself, one of its RAM users, or a session of one of its roles. */
export interface Caller {
  kind: 'account' | 'user' | 'role'
  /** `root`, `user/NAME` or `role/NAME/SESSION`. */
  name: string
  /** `acs:ram::ACCOUNT:root`, `acs:ram::ACCOUNT:user/NAME`, `acs:ram::ACCOUNT:assumed-role/NAME/SESSION`. */
  arn: string
  /** As GetCallerIdentity returns it. */
  principalId: string
  accessKeyId: string
  /** @default everything is allowed */
  policies?: readonly RamPolicy[]
}

/** An action as its product defines it. */
export interface ActionDefinition {
  /** Whether every caller may call it, whatever RAM says. @default false */
  open?: boolean
  /** Whether it takes calls without a signature, whose parameters prove who calls. @default false */
  anonymous?: boolean
  /**
   * Resources that the permission is checked for, all of them, without
   * `acs:PRODUCT:REGION:ACCOUNT:`. @default `*`
   */
  resources?(parameters: ActionParameters): readonly string[]
  /**
   * Names of the parameters: `Name` is required, `Name?` is optional, and the `N` of `Tag.N.Key`
   * stands for 1, 2 and so on. Any other parameter is refused.
   */
  parameters: readonly string[]
  /**
   * Returns the body of the answer, without RequestId.
   *
   * @throws ActionError
   */
  handle(call: ActionCall): object | Promise<object>
}

/** Definitions of actions, by name. */
export type Actions = Readonly<Record<string, ActionDefinition>>

/** An action with the permission that RAM has to allow for it. */
export interface Action extends ActionDefinition {
  /** E.g. `ecs:RunInstances`. */
  permission: string
}

/** The actions of one API version of one product, by name. Other actions are refused. */
export interface Product {
  /** As the location service knows it, e.g. `ecs`. */
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
