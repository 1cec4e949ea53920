import type { ActionParameters } from '../action.ts'
import { listOf } from '../parameter-values.ts'
import { refuse } from './refusals.ts'
import { numberBetween, oneOf, truthOf } from './values.ts'

/** How a server group is checked. */
export interface HealthCheck {
  enabled: boolean
  protocol: 'HTTP' | 'TCP'
  method: 'GET' | 'HEAD'
  path: string
  /** Empty for the server's address. */
  host: string
  httpVersion: 'HTTP1.0' | 'HTTP1.1'
  /** 0 for the server's own. */
  connectPort: number
  /** `http_2xx` to `http_5xx`. */
  codes: readonly string[]
  intervalSeconds: number
  timeoutSeconds: number
  healthyThreshold: number
  unhealthyThreshold: number
}

/** What a group is checked by where nothing is said. Source: "CreateServerGroup", ALB API reference. */
const USUAL: HealthCheck = {
  enabled: true,
  protocol: 'HTTP',
  method: 'HEAD',
  path: '/',
  host: '',
  httpVersion: 'HTTP1.1',
  connectPort: 0,
  codes: ['http_2xx'],
  intervalSeconds: 2,
  timeoutSeconds: 5,
  healthyThreshold: 3,
  unhealthyThreshold: 3,
}

const CODES = ['http_2xx', 'http_3xx', 'http_4xx', 'http_5xx']

/** Names of the parameters, behind `HealthCheckConfig.`. */
export const HEALTH_CHECK_PARAMETERS = [
  'HealthCheckEnabled',
  'HealthCheckProtocol',
  'HealthCheckMethod',
  'HealthCheckPath',
  'HealthCheckHost',
  'HealthCheckHttpVersion',
  'HealthCheckConnectPort',
  'HealthCheckCodes.N',
  'HealthCheckInterval',
  'HealthCheckTimeout',
  'HealthyThreshold',
  'UnhealthyThreshold',
].map((name) => `HealthCheckConfig.${name}`)

/**
 * The health check that parameters ask for.
 *
 * @param before What holds for what is not named. @default as the service has it
 * @throws ActionError IllegalParam
 */
export function parseHealthCheck(parameters: ActionParameters, before = USUAL): HealthCheck {
  const name = (end: string) => `HealthCheckConfig.${end}`
  const path = parameters[name('HealthCheckPath')] || before.path
  if (!/^\/[a-zA-Z0-9._~!$&'()*+,;=:@%/?#-]{0,79}$/.test(path)) {
    throw refuse('IllegalParam', 'HealthCheckPath')
  }
  const host = parameters[name('HealthCheckHost')] ?? before.host
  if (host !== '' && !/^[a-z0-9.-]{1,80}$/.test(host))
    throw refuse('IllegalParam', 'HealthCheckHost')
  const codes = listOf(parameters, name('HealthCheckCodes')).filter((code) => code !== '')
  if (codes.some((code) => !CODES.includes(code))) throw refuse('IllegalParam', 'HealthCheckCodes')
  const number = (end: string, bounds: readonly [number, number], usual: number) =>
    numberBetween(parameters, name(end), bounds, usual)
  return {
    enabled: truthOf(parameters, name('HealthCheckEnabled'), before.enabled),
    protocol: oneOf(parameters, name('HealthCheckProtocol'), ['HTTP', 'TCP'], before.protocol),
    method: oneOf(parameters, name('HealthCheckMethod'), ['GET', 'HEAD'], before.method),
    path,
    host,
    httpVersion: oneOf(
      parameters,
      name('HealthCheckHttpVersion'),
      ['HTTP1.0', 'HTTP1.1'],
      before.httpVersion,
    ),
    connectPort: number('HealthCheckConnectPort', [0, 65_535], before.connectPort),
    codes: codes.length > 0 ? codes : before.codes,
    intervalSeconds: number('HealthCheckInterval', [1, 50], before.intervalSeconds),
    timeoutSeconds: number('HealthCheckTimeout', [1, 300], before.timeoutSeconds),
    healthyThreshold: number('HealthyThreshold', [2, 10], before.healthyThreshold),
    unhealthyThreshold: number('UnhealthyThreshold', [2, 10], before.unhealthyThreshold),
  }
}

/** HealthCheckConfig of an answer; switched off, it says no more than that. */
export function describeHealthCheck(check: HealthCheck): object {
  if (!check.enabled) return { HealthCheckEnabled: false }
  return {
    HealthCheckEnabled: true,
    HealthCheckProtocol: check.protocol,
    HealthCheckMethod: check.method,
    HealthCheckPath: check.path,
    HealthCheckHost: check.host,
    HealthCheckHttpVersion: check.httpVersion,
    HealthCheckConnectPort: check.connectPort,
    HealthCheckCodes: check.codes,
    HealthCheckHttpCodes: check.codes,
    HealthCheckInterval: check.intervalSeconds,
    HealthCheckTimeout: check.timeoutSeconds,
    HealthyThreshold: check.healthyThreshold,
    UnhealthyThreshold: check.unhealthyThreshold,
    HealthCheckTcpFastCloseEnabled: false,
  }
}
