import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'

/** Port where a release is tried before visitors get it. */
export const TRIAL_PORT = 8080

export interface ListenersArgs {
  loadBalancerId: pulumi.Input<string>
  /** Of the release to serve. */
  serverGroupId: pulumi.Output<string>
  /** Of the certificate service. @default the page comes by http alone */
  certificateId?: string | undefined
  /** Waits until the release answers at `TRIAL_PORT`, which listens by then. */
  tried: (trial: pulumi.Output<string>) => pulumi.Output<unknown>
  tags?: pulumi.Input<Record<string, pulumi.Input<string>>>
}

/**
 * What a load balancer hands on: at `TRIAL_PORT` to a new release at once, which is what makes it
 * check the health of these servers; at 80 and, with a certificate, 443 as soon as the release has
 * been tried. Until then visitors get the release before it.
 *
 * @returns The listeners that visitors meet
 */
export function listeners(
  name: string,
  args: ListenersArgs,
  parent: { parent: pulumi.Resource },
): alicloud.alb.Listener[] {
  const listen = (
    role: string,
    serverGroupId: pulumi.Input<string>,
    what: Pick<alicloud.alb.ListenerArgs, 'listenerPort' | 'listenerProtocol' | 'certificates'>,
  ): alicloud.alb.Listener =>
    new alicloud.alb.Listener(
      `${name}-${role}`,
      {
        loadBalancerId: args.loadBalancerId,
        listenerDescription: role,
        ...what,
        defaultActions: [
          {
            type: 'ForwardGroup',
            forwardGroupConfig: { serverGroupTuples: [{ serverGroupId }] },
          },
        ],
        ...(args.tags === undefined ? {} : { tags: args.tags }),
      },
      parent,
    )

  const trial = listen('trial', args.serverGroupId, {
    listenerPort: TRIAL_PORT,
    listenerProtocol: 'HTTP',
  })
  const listening = pulumi.all([trial.id, trial.defaultActions]).apply(([id]) => id)
  const tried = pulumi
    .all([args.serverGroupId, args.tried(listening)])
    .apply(([serverGroupId]) => serverGroupId)
  const http = listen('http', tried, { listenerPort: 80, listenerProtocol: 'HTTP' })
  if (args.certificateId === undefined) return [http]
  const https = listen('https', tried, {
    listenerPort: 443,
    listenerProtocol: 'HTTPS',
    certificates: { certificateId: args.certificateId },
  })
  return [http, https]
}
