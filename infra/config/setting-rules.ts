import { uploadHostProblem } from '@oss-direct-upload/contract'
import { POST_LIMITS } from '@oss-direct-upload/signing'
import type { z } from 'zod'
import { architectureOf } from '../placement/architecture.ts'
import { FLEET_DISK_CATEGORIES } from '../placement/disk-categories.ts'
import type { settings } from './settings.ts'

type Settings = z.infer<typeof settings>

/** Whether a rule is broken, and the line that says so. */
type Rule = readonly [isBroken: boolean, problem: string]

/** Returns a line for each contradiction between settings. */
export function contradictions(values: Settings, region: string | undefined): string[] {
  const rules = [
    ...generalRules(values, region),
    ...(values.instances ? fleetRules(values) : serverRules(values)),
  ]
  return rules.filter(([isBroken]) => isBroken).map(([, problem]) => problem)
}

function generalRules(values: Settings, region: string | undefined): Rule[] {
  const { zoneId, instanceType, architecture, maxSize, largeFiles } = values
  const { generalForm, allowedTypes, callback, checkUploads, filesPerHour, bytesPerHour } = values
  const { uploadHost, bucketName } = values
  const hostProblem = uploadHost && region && uploadHostProblem(uploadHost, region, bucketName)
  return [
    [
      zoneId !== undefined && region !== undefined && !zoneId.startsWith(region),
      'zoneId must be a zone of alicloud:region',
    ],
    [
      instanceType !== undefined &&
        architecture !== undefined &&
        architectureOf(instanceType) !== architecture,
      'architecture must be that of instanceType, or be left out',
    ],
    [
      !largeFiles && maxSize > POST_LIMITS.objectBytes,
      `maxSize must be at most ${POST_LIMITS.objectBytes} unless largeFiles is true`,
    ],
    [
      generalForm && allowedTypes.length > 0,
      'generalForm must be false with allowedTypes: no policy can hold such a form to types',
    ],
    [
      generalForm && callback,
      'generalForm must be false with callback: such a form has no key that a callback could be tied to',
    ],
    [
      generalForm && (filesPerHour > 0 || bytesPerHour > 0),
      'generalForm must be false with filesPerHour and bytesPerHour: such a form stores any number of files',
    ],
    [checkUploads && !callback, 'checkUploads needs callback to be true'],
    [Boolean(hostProblem), `uploadHost ${hostProblem}`],
  ]
}

function serverRules(values: Settings): Rule[] {
  const { https, domain, acmeDirectory, allowedCidrs, certificateId } = values
  return [
    [
      certificateId !== undefined,
      'certificateId needs instances: a single server gets its certificate with https',
    ],
    [!https && domain !== undefined, 'domain needs https to be true'],
    [!https && acmeDirectory !== undefined, 'acmeDirectory needs https to be true'],
    [
      https && !allowedCidrs.includes('0.0.0.0/0'),
      'allowedCidrs must have 0.0.0.0/0 with https: the certificate authority connects to port 80 ' +
        'from addresses that it does not publish. An accessCode keeps strangers from uploading',
    ],
  ]
}

function fleetRules(values: Settings): Rule[] {
  const { https, domain, acmeDirectory, allowedCidrs } = values
  return [
    [
      https,
      'https must be false with instances: their load balancer takes a certificate by certificateId, for domain',
    ],
    [acmeDirectory !== undefined, 'acmeDirectory needs https, which instances do not have'],
    [
      domain === undefined,
      'instances need domain, a host name for the page: a load balancer serves no requests for its own name',
    ],
    [
      values.zoneId !== undefined,
      'zoneId must be left out with instances: they run in two zones, chosen from those that have them in stock',
    ],
    [
      values.systemDiskCategory !== undefined &&
        !FLEET_DISK_CATEGORIES.some((category) => category === values.systemDiskCategory),
      `systemDiskCategory must be ${FLEET_DISK_CATEGORIES.join(' or ')} with instances, which Auto Scaling creates`,
    ],
    [
      values.password !== undefined,
      'password must be left out with instances: nobody logs in to servers that come and go',
    ],
    [
      values.sshCidrs.length > 0,
      'sshCidrs must be empty with instances: nobody logs in to servers that come and go',
    ],
    [
      !allowedCidrs.includes('0.0.0.0/0'),
      'allowedCidrs must have 0.0.0.0/0 with instances: their load balancer lets everyone in. An accessCode keeps strangers from uploading',
    ],
  ]
}
