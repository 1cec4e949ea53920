import * as alicloud from '@pulumi/alicloud'
import * as pulumi from '@pulumi/pulumi'
import { type TaggedArgs, tagsOf } from '../pulumi/tags.ts'

/** Port where a release is tested before visitors get it. */
export const TRIAL_PORT = 8080

export interface ListenersArgs extends TaggedArgs {
  loadBalancerId: pulumi.Input<string>
  /** Of the release. */
  serverGroupId: pulumi.Output<string>
  /** Of the certificate management service. @default none, the page is served over http only */
  certificateId?: string | undefined
  /** Waits until the release answers at `TRIAL_PORT`. @param trial Known once that port listens */
  tested: (trial: pulumi.Output<string>) => pulumi.Output<unknown>
}

/**
 * Creates the load balancer's listeners. `TRIAL_PORT` forwards to a new release at once, which starts
 * the health checks of its servers; 80 and, with a certificate, 443 switch once the release is tested.
 * Until then visitors get the previous release.
 *
 * @returns The listeners for visitors
 */
export function listeners(
  name: string,
  args: ListenersArgs,
  parent: { parent: pulumi.Resource },
): alicloud.alb.Listener[] {
  const listen = (
    role: string,
    serverGroupId: pulumi.Input<string>,
    options: Pick<alicloud.alb.ListenerArgs, 'listenerPort' | 'listenerProtocol' | 'certificates'>,
  ): alicloud.alb.Listener =>
    new alicloud.alb.Listener(
      `${name}-${role}`,
      {
        loadBalancerId: args.loadBalancerId,
        listenerDescription: role,
        ...options,
        defaultActions: [
          {
            type: 'ForwardGroup',
            forwardGroupConfig: { serverGroupTuples: [{ serverGroupId }] },
          },
        ],
        ...tagsOf(args),
      },
      parent,
    )

  const trial = listen('trial', args.serverGroupId, {
    listenerPort: TRIAL_PORT,
    listenerProtocol: 'HTTP',
  })
  const listening = pulumi.all([trial.id, trial.defaultActions]).apply(([id]) => id)
  const tested = pulumi
    .all([args.serverGroupId, args.tested(listening)])
    .apply(([serverGroupId]) => serverGroupId)
  const http = listen('http', tested, { listenerPort: 80, listenerProtocol: 'HTTP' })
  if (args.certificateId === undefined) return [http]
  const https = listen('https', tested, {
    listenerPort: 443,
    listenerProtocol: 'HTTPS',
    certificates: { certificateId: args.certificateId },
  })
  return [http, https]
}
