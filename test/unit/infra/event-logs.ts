const URN =
  'urn:pulumi:dev::shop::a:index:AppServer$alicloud:ecs/instance:Instance::server-instance'

/** Returns an error as Pulumi logs it. @param urn @default of a server's instance */
export function errorEvent(message: string, urn?: string) {
  return { diagnosticEvent: { ...(urn && { urn }), severity: 'error', message } }
}

/** Returns the error of the provider for a refusal. @param name Of the resource. @default server-instance */
export function refusalEvent(code: string, name = 'server-instance') {
  return errorEvent(
    `sdk-v2/provider2.go:572: [ERROR] RunInstances Failed!!! [SDK alibaba-cloud-sdk-go ERROR]:\nSDKError:\n   StatusCode: 403\n   Code: ${code}\n   Message: code: 403, Refused. request id: A-1\n`,
    URN.replace('server-instance', name),
  )
}

/** Returns the events of an update that ends with a refusal. */
export function failure(code: string, name = 'server-instance'): object[] {
  const urn = URN.replace('server-instance', name)
  return [
    refusalEvent(code, name),
    { resOpFailedEvent: { metadata: { op: 'create', urn } } },
    errorEvent('update failed\n'),
  ]
}

/** Returns a log of events, a line each. */
export function logOf(...events: object[]): string {
  return events.map((event) => JSON.stringify(event)).join('\n')
}
