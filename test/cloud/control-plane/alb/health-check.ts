import type { ActionParameters } from '../action.ts'
import { listOf } from '../parameter-values.ts'
import { refuse } from './refusals.ts'
import { flag, numberBetween, oneOf } from './values.ts'

/** The health check of a server group. */
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

/** Source: "CreateServerGroup", ALB API reference. */
const DEFAULTS: HealthCheck = {
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
].map((name) => `HealthCheckConfig.${name}?`)

/**
 * Reads the health check of a new server group.
 *
 * @throws ActionError IllegalParam
 */
export function parseHealthCheck(parameters: ActionParameters): HealthCheck {
  const name = (end: string) => `HealthCheckConfig.${end}`
  const path = parameters[name('HealthCheckPath')] || DEFAULTS.path
  if (!/^\/[a-zA-Z0-9._~!$&'()*+,;=:@%/?#-]{0,79}$/.test(path)) {
    throw refuse('IllegalParam', 'HealthCheckPath')
  }
  const host = parameters[name('HealthCheckHost')] ?? DEFAULTS.host
  if (host !== '' && !/^[a-z0-9.-]{1,80}$/.test(host)) {
    throw refuse('IllegalParam', 'HealthCheckHost')
  }
  const codes = listOf(parameters, name('HealthCheckCodes')).filter((code) => code !== '')
  if (codes.some((code) => !CODES.includes(code))) throw refuse('IllegalParam', 'HealthCheckCodes')
  const number = (end: string, bounds: readonly [number, number], otherwise: number) =>
    numberBetween(parameters, name(end), bounds, otherwise)
  return {
    enabled: flag(parameters, name('HealthCheckEnabled'), DEFAULTS.enabled),
    protocol: oneOf(parameters, name('HealthCheckProtocol'), ['HTTP', 'TCP'], DEFAULTS.protocol),
    method: oneOf(parameters, name('HealthCheckMethod'), ['GET', 'HEAD'], DEFAULTS.method),
    path,
    host,
    httpVersion: oneOf(
      parameters,
      name('HealthCheckHttpVersion'),
      ['HTTP1.0', 'HTTP1.1'],
      DEFAULTS.httpVersion,
    ),
    connectPort: number('HealthCheckConnectPort', [0, 65_535], DEFAULTS.connectPort),
    codes: codes.length > 0 ? codes : DEFAULTS.codes,
    intervalSeconds: number('HealthCheckInterval', [1, 50], DEFAULTS.intervalSeconds),
    timeoutSeconds: number('HealthCheckTimeout', [1, 300], DEFAULTS.timeoutSeconds),
    healthyThreshold: number('HealthyThreshold', [2, 10], DEFAULTS.healthyThreshold),
    unhealthyThreshold: number('UnhealthyThreshold', [2, 10], DEFAULTS.unhealthyThreshold),
  }
}

/** Returns the HealthCheckConfig of an answer. */
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
