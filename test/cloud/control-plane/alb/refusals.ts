import { ActionError } from '../action.ts'

/**
 * Refusals of the ALB API: most codes are a kind and what it is about, e.g.
 * `ResourceNotFound.ServerGroup`.
 * Source: the error code tables of the actions in the ALB API reference.
 */
const KINDS = {
  ResourceNotFound: [404, (what: string) => `The specified resource of ${what} is not found.`],
  ResourceAlreadyExist: [
    400,
    (what: string) => `The specified resource of ${what} already exists.`,
  ],
  ResourceInUse: [400, (what: string) => `The specified resource of ${what} is in use.`],
  IncorrectStatus: [400, (what: string) => `The status of ${what} is incorrect.`],
  IllegalParam: [400, (what: string) => `The param of ${what} is illegal.`],
  IllegalParamSize: [400, (what: string) => `The param size of ${what} is illegal.`],
  MissingParam: [400, (what: string) => `The param of ${what} is missing.`],
  Mismatch: [400, (what: string) => `The ${what} is mismatched.`],
  OperationDenied: [403, (what: string) => `The operation is not allowed because of ${what}.`],
  QuotaExceeded: [400, (what: string) => `The quota of ${what} is exceeded.`],
} as const satisfies Record<string, readonly [status: number, message: (what: string) => string]>

/** What a refusal may be about. */
export type AlbRefusalKind = keyof typeof KINDS

/**
 * The refusal of a kind, to be thrown.
 *
 * @param what As the code names it, e.g. `LoadBalancer`
 */
export function refuse(kind: AlbRefusalKind, what: string): ActionError {
  const [status, message] = KINDS[kind]
  return new ActionError(status, `${kind}.${what}`, message(what))
}
