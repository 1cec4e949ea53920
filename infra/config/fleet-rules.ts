import type { z } from 'zod'
import type { settings } from './settings.ts'

/** What of the settings contradicts `instances`, a line for each. */
export function fleetProblems(settled: z.infer<typeof settings>): string[] {
  const { https, domain, acmeDirectory, certificateId, allowedCidrs } = settled
  const found: [boolean, string][] = [
    [
      https,
      'https must be false with instances: their load balancer takes a certificate by certificateId, for domain',
    ],
    [acmeDirectory !== undefined, 'acmeDirectory needs https, which instances do not have'],
    [
      certificateId !== undefined && domain === undefined,
      'certificateId needs domain, the host name that the certificate is for',
    ],
    [
      certificateId === undefined && domain !== undefined,
      'domain needs certificateId with instances',
    ],
    [
      settled.zoneId !== undefined,
      'zoneId must be left out with instances: they stand in two zones, chosen among those that have them on sale',
    ],
    [
      settled.password !== undefined,
      'password must be left out with instances: nobody logs in to servers that come and go',
    ],
    [
      settled.sshCidrs.length > 0,
      'sshCidrs must be empty with instances: nobody logs in to servers that come and go',
    ],
    [
      !allowedCidrs.includes('0.0.0.0/0'),
      'allowedCidrs must have 0.0.0.0/0 with instances: their load balancer lets everyone in. An accessCode keeps strangers from uploading',
    ],
  ]
  return found.filter(([wrong]) => wrong).map(([, problem]) => problem)
}
