import {
  DEFAULTS,
  isTypeEntry,
  mistakenTypeProblem,
  ORIGIN_PATTERN_RULE,
  originPattern,
  TYPE_ENTRY_RULE,
} from '@oss-direct-upload/contract'
import {
  BUCKET_NAME_RULE,
  isBucketName,
  MULTIPART_LIMITS,
  POST_LIMITS,
} from '@oss-direct-upload/signing'
import { z } from 'zod'
import { DISK_CATEGORIES } from '../placement/disk-categories.ts'
import { READY_MINUTES } from '../readiness/poll.ts'
import { isCidr, isHostName, isHttpsUrl, isOrigin, isPassword } from './formats.ts'
import {
  boolean,
  fleetSize,
  integer,
  oneOf,
  optionalOneOf,
  optionalString,
  stringList,
  stringMap,
} from './setting-types.ts'

// A bucket has at most ten, and two of them are `project` and `stack`.
const MAX_TAGS = 8

/** Settings that must be encrypted in the stack's file. */
export const SECRET_SETTINGS = ['password', 'accessCode'] as const

// The size of an instance's user data is limited.
const MAX_LIST_CHARACTERS = 2_000
const fits = (entries: readonly string[]): boolean => entries.join().length <= MAX_LIST_CHARACTERS
const LIST_RULE = `must not be longer than ${MAX_LIST_CHARACTERS} characters in total`

// Each becomes a rule of the security group, which has a few hundred at most.
const MAX_CIDRS = 50
const CIDR_RULE = 'must list IPv4 ranges like 203.0.113.0/24'
const CIDRS_RULE = `must list at most ${MAX_CIDRS} ranges`

/**
 * Every setting of the stack by its key: rule, default, description, and whether a change replaces the
 * server. `npm run tables` writes Pulumi.yaml and the documents from it.
 */
export const settings = z.object({
  bucketName: optionalString(isBucketName, BUCKET_NAME_RULE).meta({
    description:
      'Name of the upload bucket, unique across Alibaba Cloud. Empty: a name made of project, stack and account. A change deletes the old bucket with its files.',
    replacesServer: true,
  }),
  zoneId: optionalString(
    (zone) => /^[a-z]{2,}(-[a-z0-9]+)+$/.test(zone),
    'must be a zone of the region, like ap-southeast-1a',
  ).meta({
    description:
      'Zone of the server, like `ap-southeast-1a`. Empty: the first zone that sells the instance type; a running stack keeps its zone.',
    replacesServer: true,
  }),
  instanceType: optionalString(
    (type) => /^ecs\.[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(type),
    'must be an instance type like ecs.e-c1m1.large',
  ).meta({
    description:
      'Instance type of the server, like `ecs.e-c1m1.large`. Empty: the cheapest on sale with at least 1 vCPU and 1 GiB; a running stack keeps its type. On a running stack, set `systemDiskCategory` together with it.',
    replacesServer: false,
  }),
  architecture: optionalOneOf(['x86_64', 'arm64']).meta({
    description:
      'CPU architecture, `x86_64` or `arm64`. Empty: that of `instanceType`, or `x86_64`.',
    replacesServer: true,
  }),
  systemDiskCategory: optionalOneOf(DISK_CATEGORIES).meta({
    description:
      'Category of the system disk: `cloud_essd_entry`, `cloud_efficiency`, `cloud_auto` or `cloud_essd`; with `instances` only `cloud_efficiency` or `cloud_essd`. Empty: the cheapest that the instance type supports.',
    replacesServer: true,
  }),
  password: optionalString(
    isPassword,
    'must have 8 to 30 characters of three of four kinds: a-z, A-Z, 0-9 and punctuation',
  ).meta({
    description:
      'Password of root on the server, a secret: 8 to 30 characters of three of the four kinds a-z, A-Z, 0-9 and punctuation. Empty: no password login. Setting the first password, or removing it, replaces the server; another password is changed in place.',
    replacesServer: false,
  }),
  allowedCidrs: stringList(isCidr, CIDR_RULE, ['0.0.0.0/0'])
    .refine((ranges) => ranges.length > 0, 'must list at least one range; 0.0.0.0/0 is everyone')
    .refine((ranges) => ranges.length <= MAX_CIDRS, CIDRS_RULE)
    .meta({
      description:
        'IPv4 ranges that can reach the page. They must include the machine that deploys.',
      replacesServer: false,
    }),
  sshCidrs: stringList(isCidr, CIDR_RULE)
    .refine((ranges) => ranges.length <= MAX_CIDRS, CIDRS_RULE)
    .meta({
      description:
        'IPv4 ranges that can reach port 22. Empty: none. The first range replaces the server by one that runs SSH; removing the last one replaces it again.',
      replacesServer: false,
    }),
  bandwidth: integer(1, 200, 5).meta({
    description:
      'Maximum outbound bandwidth of the server in Mbit/s (1 to 200), billed by traffic. Uploads do not use it.',
    replacesServer: false,
  }),
  https: boolean(false).meta({
    description:
      "Whether the page is served over HTTPS, with a Let's Encrypt certificate for the IP address or for `domain`.",
    replacesServer: true,
  }),
  domain: optionalString(isHostName, 'must be a host name like photos.example, in lower case').meta(
    {
      description:
        'Host name of the page, like `photos.example`, which must lead to the server or the load balancer. Needs `https` or `instances`. Empty: the IP address itself.',
      replacesServer: true,
    },
  ),
  acmeDirectory: optionalString(
    isHttpsUrl,
    'must be an https URL like https://acme-staging-v02.api.letsencrypt.org/directory',
  ).meta({
    description:
      "Directory URL of another ACME certificate authority, for tests. Needs `https`. Empty: Let's Encrypt.",
    replacesServer: true,
  }),
  instances: fleetSize().meta({
    description:
      'Number of servers behind a load balancer, `{min, max}` from 1 to 100 each; see docs/fleet.md. Needs `domain`. Empty: a single server without a load balancer.',
    replacesServer: true,
  }),
  certificateId: optionalString(
    (id) => /^[\w-]{4,64}$/.test(id),
    'must be the id of a certificate in the certificate management service',
  ).meta({
    description:
      'Id of the certificate that the load balancer serves for `domain`. Needs `instances`. Empty: HTTP only.',
    replacesServer: false,
  }),
  corsOrigins: stringList((entry) => originPattern(entry) === entry, ORIGIN_PATTERN_RULE)
    .refine(fits, LIST_RULE)
    .meta({
      description:
        'Origins of pages on other sites that may request signatures and upload, like `https://photos.example`, each with at most one `*` (`https://*.example.com`); `capacitor://localhost` and `ionic://localhost` are those of apps.',
      replacesServer: true,
    }),
  allowedTypes: stringList(isTypeEntry, TYPE_ENTRY_RULE)
    .refine(fits, LIST_RULE)
    .superRefine((entries, context) => {
      const message = mistakenTypeProblem(entries)
      if (message !== undefined) context.addIssue({ code: 'custom', message })
    })
    .meta({
      description: 'Allowed extensions (`.jpg`) and MIME types (`image/*`). Empty: all types.',
      replacesServer: true,
    }),
  maxSize: integer(0, MULTIPART_LIMITS.objectBytes, 0).meta({
    description:
      'Maximum size of a file in bytes, up to 5368709120 (5 GiB), or 53687091200000 with `largeFiles`. 0: 5 GiB, or 100 GiB with `largeFiles`.',
    replacesServer: true,
  }),
  largeFiles: boolean(false).meta({
    description:
      'Whether files of 100 MiB or more are uploaded in parts. Such uploads can be paused and resumed, and can exceed 5 GB.',
    replacesServer: true,
  }),
  uploadDir: optionalString(
    (dir) => /^(?!\/)([\p{L}\p{N}._-]+\/)+$/u.test(dir) && !/(^|\/)\.\.?\//.test(dir),
    'must be a prefix like upload/, of letters, digits, ".", "_" and "-" between slashes',
  )
    .refine(
      (dir) => dir === undefined || Buffer.byteLength(dir) <= 255,
      'must have at most 255 bytes',
    )
    .transform((dir) => dir ?? DEFAULTS.uploadDir)
    .meta({
      description: 'Key prefix of uploaded objects, ending in a slash.',
      replacesServer: true,
    }),
  expiresSeconds: integer(1, POST_LIMITS.expirySeconds, DEFAULTS.expiresSeconds).meta({
    description:
      'Lifetime of a signature in seconds (1 to 604800). The upload must finish within it.',
    replacesServer: true,
  }),
  objectExpiryDays: integer(0, 3650, 0).meta({
    description: 'Number of days after which uploaded objects are deleted. 0: never.',
    replacesServer: false,
  }),
  accessCode: optionalString(
    (code) => /^[\x21-\x7e]{8,128}$/.test(code),
    'must have 8 to 128 ASCII characters, without spaces',
  ).meta({
    description:
      'Access code that visitors enter before uploading, a secret: 8 to 128 ASCII characters. Empty: everyone who can reach the page can upload.',
    replacesServer: true,
  }),
  callback: boolean(false).meta({
    description: 'Whether OSS notifies the server of each stored object.',
    replacesServer: true,
  }),
  checkUploads: boolean(false).meta({
    description:
      'Whether the server checks with a HEAD request that each object is stored as its notification says. Needs `callback`; what signs may then also read the objects under `uploadDir`.',
    replacesServer: true,
  }),
  signatureVersion: oneOf(['v4', 'v1'], 'v4').meta({
    description: 'Signature version, `v4`, or `v1` for buckets created before September 2025.',
    replacesServer: true,
  }),
  naming: oneOf(['unique', 'keep'], 'unique').meta({
    description:
      'How keys are named: `unique` puts a random folder before the file name, `keep` uses the file name as it is and refuses one that exists.',
    replacesServer: true,
  }),
  generalForm: boolean(false).meta({
    description:
      'Whether clients of the official samples can request a form without naming a file. Such a form uploads any number of files of any type, under a random prefix. Not with `allowedTypes`, `callback`, `filesPerHour` and `bytesPerHour`.',
    replacesServer: true,
  }),
  credentials: oneOf(['access-key', 'instance-role'], 'access-key').meta({
    description:
      "What signs uploads: `access-key` uses the key of a dedicated RAM user, which newer accounts disable after 365 idle days; `instance-role` uses the temporary credentials of the server's role, so that no key exists.",
    replacesServer: true,
  }),
  uploadHost: optionalString(
    (origin) => isOrigin(origin) && origin.startsWith('https:'),
    'must be an origin like https://files.example, without a path',
  ).meta({
    description:
      "HTTPS origin of a custom domain bound to the bucket, like `https://files.example`. Empty: the bucket's own endpoint.",
    replacesServer: true,
  }),
  signaturesPerMinute: integer(1, 1_000_000, DEFAULTS.signaturesPerMinute).meta({
    description:
      'Maximum number of files signed per minute for one client address; as many may come at once.',
    replacesServer: true,
  }),
  filesPerHour: integer(0, 1_000_000_000, 0).meta({
    description: 'Maximum number of files signed per hour for one client address. 0: no limit.',
    replacesServer: true,
  }),
  bytesPerHour: integer(0, 1e15 - 1, 0).meta({
    description: 'Maximum number of bytes signed per hour for one client address. 0: no limit.',
    replacesServer: true,
  }),
  tags: stringMap(
    (entries) =>
      entries.length <= MAX_TAGS &&
      entries.every(
        ([key, value]) =>
          /^(?!aliyun|acs:|https?:\/\/)[\w .:/=+@-]{1,64}$/i.test(key) &&
          /^(?!aliyun|acs:|https?:\/\/)[\w .:/=+@-]{0,128}$/i.test(value),
      ),
    `must be at most ${MAX_TAGS} names with a text each, which may not start with aliyun, acs: or http://`,
  ).meta({
    description:
      'Tags on all resources that support them, at most 8, in addition to `project` and `stack`.',
    replacesServer: false,
  }),
  readyMinutes: integer(1, 60, READY_MINUTES).meta({
    description: 'Minutes to wait for the page to answer (1 to 60) before the update fails.',
    replacesServer: false,
  }),
})
