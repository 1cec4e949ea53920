import { ActionError } from '../action.ts'

/**
 * Refusals of the ALB API: most codes consist of a kind and a subject, e.g.
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

/** Kinds of refusals. */
export type AlbRefusalKind = keyof typeof KINDS

/**
 * Returns the refusal of a kind.
 *
 * @param what Subject in the code, e.g. `LoadBalancer`
 */
export function refuse(kind: AlbRefusalKind, what: string): ActionError {
  const [status, message] = KINDS[kind]
  return new ActionError(status, `${kind}.${what}`, message(what))
}
