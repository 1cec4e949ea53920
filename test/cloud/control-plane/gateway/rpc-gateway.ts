import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Action, ActionError, type Caller, type Product } from '../action.ts'
import { type Audit, maskSecrets } from '../audit.ts'
import { FAULT_REFUSALS } from '../fault-refusals.ts'
import type { FaultRule, Faults } from '../faults.ts'
import type { Credentials } from '../sts/credentials.ts'
import { authoriseCall, requiredPermissions } from './authorisation.ts'
import type { Connection } from './connection.ts'
import { checkParameters } from './parameter-check.ts'
import { type RpcRequest, readRpcRequest } from './rpc-request.ts'
import { checkSignature, checkSignatureParameters, SeenNonces } from './rpc-signature.ts'

export interface RpcGatewayOptions {
  accountId: string
  credentials: Credentials
  audit: Audit
  faults: Faults
  now(): number
  /** Called with errors of the simulation itself. */
  onFailure(error: unknown): void
}

/** The host that was called. */
export interface RpcTarget {
  /** Returns the products that it serves. @param region Of the call */
  products(region: string): readonly Product[]
  /** Absent for a host that serves every region. */
  region?: string
}

interface Progress {
  requestId: string
  action: string
  permissions: readonly string[]
  caller: string
  parameters: Readonly<Record<string, string>>
  fault?: FaultRule
}

/**
 * Checks signature, replay, permission and parameters of every RPC call before it runs the
 * action.
 * Source: "Common error codes", Alibaba Cloud API documentation.
 */
export class RpcGateway {
  readonly #options: RpcGatewayOptions
  readonly #nonces = new SeenNonces()

  constructor(options: RpcGatewayOptions) {
    this.#options = options
  }

  /** Answers one call; never throws. */
  async handle(
    request: IncomingMessage,
    response: ServerResponse,
    connection: Connection,
    target: RpcTarget,
  ): Promise<void> {
    const record = this.#options.audit.start(connection, this.#options.now())
    const progress: Progress = {
      requestId: randomUUID().toUpperCase(),
      action: '',
      permissions: [],
      caller: 'unknown',
      parameters: {},
    }
    let [status, body]: [number, object] = [200, {}]
    try {
      body = await this.#answer(request, connection, target, progress)
    } catch (error) {
      const known = error instanceof ActionError
      if (!known) this.#options.onFailure(error)
      const refusal = known ? error : INTERNAL
      status = refusal.status
      body = { HostId: connection.host, Code: refusal.code, Message: refusal.message }
    }
    const { requestId, action, permissions, caller, parameters, fault } = progress
    const lost = fault?.kind === 'lost-response'
    record({
      action,
      permissions,
      caller,
      parameters: maskSecrets(parameters),
      status: lost ? 0 : status,
      code: status === 200 ? '' : (body as { Code: string }).Code,
      ...(fault ? { fault: fault.kind } : {}),
      requestId,
    })
    if (lost) request.socket.destroy()
    else send(response, status, requestId, { RequestId: requestId, ...body })
  }

  async #answer(
    request: IncomingMessage,
    connection: Connection,
    target: RpcTarget,
    progress: Progress,
  ): Promise<object> {
    const { now, accountId, faults } = this.#options
    const query = (request.url ?? '').split('?').slice(1).join('?')
    const sent = await readRpcRequest(request, query)
    const { parameters } = sent
    progress.parameters = parameters
    const region = parameters.RegionId || target.region || ''
    const isSigned = 'Signature' in sent.all || !isAnonymous(target.products(region), sent)
    const caller = isSigned ? this.#authenticate(sent) : undefined
    progress.caller = caller?.name ?? 'anonymous'
    const { name, action } = findAction(target.products(region), sent, connection.host)
    progress.action = action.permission
    const fault = faults.next({ action: action.permission, host: connection.host })
    if (fault) progress.fault = fault
    if (fault) await meet(fault)
    const call = { action, parameters, accountId, region, now: now(), connection }
    progress.permissions = requiredPermissions(call).map(([permission]) => permission)
    if (caller) authoriseCall({ ...call, caller })
    checkParameters(action, name, parameters)
    const { requestId } = progress
    return action.handle({ parameters, region, requestId, now: now(), ...(caller && { caller }) })
  }

  #authenticate(sent: RpcRequest): Caller {
    const now = this.#options.now()
    checkSignatureParameters(sent, now)
    const { AccessKeyId = '', SignatureNonce = '', SecurityToken: token } = sent.all
    const credential = this.#options.credentials.find(AccessKeyId, now)
    if (!credential) {
      throw new ActionError(
        404,
        'InvalidAccessKeyId.NotFound',
        'Specified access key is not found.',
      )
    }
    if (!credential.active) {
      throw new ActionError(400, 'InvalidAccessKeyId.Inactive', 'Specified access key is disabled.')
    }
    checkSignature(sent, credential.accessKeySecret)
    if ((token || undefined) !== credential.securityToken) {
      throw token
        ? new ActionError(
            400,
            'InvalidSecurityToken.MismatchWithAccessKey',
            'Specified SecurityToken mismatch with the AccessKey.',
          )
        : new ActionError(
            400,
            'MissingSecurityToken',
            'SecurityToken is mandatory for this action.',
          )
    }
    if (credential.expiration !== undefined && credential.expiration <= now) {
      throw new ActionError(
        400,
        'InvalidSecurityToken.Expired',
        'Specified SecurityToken is expired.',
      )
    }
    this.#nonces.add(AccessKeyId, SignatureNonce, now)
    return credential.caller
  }
}

const INTERNAL = new ActionError(
  500,
  'InternalError',
  'The request processing has failed due to some unknown error, exception or failure.',
)

function isAnonymous(products: readonly Product[], { all }: RpcRequest): boolean {
  const product = products.find(({ version }) => version === all.Version)
  const { Action: name = '' } = all
  return product !== undefined && Object.hasOwn(product.actions, name)
    ? product.actions[name]?.anonymous === true
    : false
}

function findAction(
  products: readonly Product[],
  { all }: RpcRequest,
  host: string,
): { name: string; action: Action } {
  const { Action: name = '', Version: version = '' } = all
  const product = products.find((candidate) => candidate.version === version)
  if (!product) {
    throw new ActionError(
      400,
      'InvalidVersion',
      `Specified parameter Version is not valid: ${host} has no API of version "${version}".`,
    )
  }
  const action = Object.hasOwn(product.actions, name) ? product.actions[name] : undefined
  if (!action) {
    throw new ActionError(
      400,
      'InvalidAction.Unsupported',
      `The simulated cloud has no action "${name}" of ${product.code} ${version}.`,
    )
  }
  return { name, action }
}

/** @throws ActionError for the faults that refuse */
async function meet({
  kind,
  milliseconds = 1000,
  code = 'Forbidden.RiskControl',
}: FaultRule): Promise<void> {
  if (kind === 'delay') await sleep(milliseconds)
  if (kind === 'throttle') {
    throw new ActionError(400, 'Throttling.User', 'Request was denied due to user flow control.')
  }
  if (kind === 'unavailable') {
    const message = 'The request has failed due to a temporary failure of the server.'
    throw new ActionError(503, 'ServiceUnavailable', message)
  }
  if (kind === 'internal') throw INTERNAL
  if (kind === 'refuse') {
    const [, status, message] = FAULT_REFUSALS[code]
    throw new ActionError(status, code, message)
  }
}

function send(response: ServerResponse, status: number, requestId: string, body: object): void {
  const text = JSON.stringify(body)
  response.writeHead(status, {
    'Content-Type': 'application/json;charset=utf-8',
    'Content-Length': Buffer.byteLength(text),
    'x-acs-request-id': requestId,
  })
  response.end(text)
}
