import { z } from 'zod'
import { DEFAULTS, isTypeEntry } from '../../app/contract/index.ts'
import {
  BUCKET_NAME_RULE,
  isBucketName,
  MULTIPART_LIMITS,
  POST_LIMITS,
} from '../../app/signing/index.ts'
import { DISK_CATEGORIES } from '../placement/disk-categories.ts'
import {
  flag,
  isCidr,
  isHostName,
  isHttpsUrl,
  isOrigin,
  isPassword,
  list,
  map,
  optionalWord,
  size,
  text,
  whole,
  word,
} from './schema.ts'

// A tag of its own is put beside these, and a bucket takes ten.
const MAX_TAGS = 8

/** Settings that must be encrypted where they are kept. */
export const SECRET_SETTINGS = ['password', 'accessCode'] as const

// What an instance's user data has room for.
const LIST_CHARACTERS = 2_000
const fits = (entries: readonly string[]): boolean => entries.join().length <= LIST_CHARACTERS
const LIST_RULE = `must not be longer than ${LIST_CHARACTERS} characters altogether`

// Each is a rule, and a security group has a few hundred at most.
const MAX_CIDRS = 50
const CIDR_RULE = 'must list IPv4 ranges like 203.0.113.0/24'
const CIDRS_RULE = `must list at most ${MAX_CIDRS} ranges`

/** Every setting of the stack by its key in Pulumi.yaml, which describes them. */
export const settings = z.object({
  bucketName: text(isBucketName, BUCKET_NAME_RULE),
  zoneId: text(
    (zone) => /^[a-z]{2,}(-[a-z0-9]+)+$/.test(zone),
    'must be a zone of the region, like ap-southeast-1a',
  ),
  instanceType: text(
    (type) => /^ecs\.[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(type),
    'must be an instance type like ecs.e-c1m1.large',
  ),
  architecture: optionalWord(['x86_64', 'arm64']),
  systemDiskCategory: optionalWord(DISK_CATEGORIES),
  password: text(
    isPassword,
    'must have 8 to 30 characters of three of four kinds: a-z, A-Z, 0-9 and punctuation',
  ),
  allowedCidrs: list(isCidr, CIDR_RULE, ['0.0.0.0/0'])
    .refine((ranges) => ranges.length > 0, 'must list at least one range; 0.0.0.0/0 is everyone')
    .refine((ranges) => ranges.length <= MAX_CIDRS, CIDRS_RULE),
  sshCidrs: list(isCidr, CIDR_RULE).refine((ranges) => ranges.length <= MAX_CIDRS, CIDRS_RULE),
  bandwidth: whole(1, 200, 5),
  https: flag(false),
  domain: text(isHostName, 'must be a host name like photos.example, in lower case'),
  acmeDirectory: text(
    isHttpsUrl,
    'must be an https URL like https://acme-staging-v02.api.letsencrypt.org/directory',
  ),
  instances: size(),
  certificateId: text(
    (id) => /^[\w-]{4,64}$/.test(id),
    'must be the id of a certificate in the certificate management service',
  ),
  corsOrigins: list(
    (entry) => entry === '*' || isOrigin(entry),
    'must list origins like https://host, or *',
  ).refine(fits, LIST_RULE),
  allowedTypes: list(isTypeEntry, 'must list extensions (.jpg) or MIME types (image/*)').refine(
    fits,
    LIST_RULE,
  ),
  maxSize: whole(0, MULTIPART_LIMITS.objectBytes, 0),
  largeFiles: flag(false),
  uploadDir: text(
    (dir) => /^(?!\/)([\p{L}\p{N}._-]+\/)+$/u.test(dir) && !/(^|\/)\.\.?\//.test(dir),
    'must be a prefix like upload/, of letters, digits, ".", "_" and "-" between slashes',
  ).refine(
    (dir) => dir === undefined || Buffer.byteLength(dir) <= 255,
    'must have at most 255 bytes',
  ),
  expiresSeconds: whole(1, POST_LIMITS.expirySeconds, DEFAULTS.expiresSeconds),
  objectExpiryDays: whole(0, 3650, 0),
  accessCode: text(
    (code) => /^[\x21-\x7e]{8,128}$/.test(code),
    'must have 8 to 128 ASCII characters, without spaces',
  ),
  callback: flag(false),
  signatureVersion: word(['v4', 'v1'], 'v4'),
  naming: word(['unique', 'keep'], 'unique'),
  credentials: word(['access-key', 'instance-role'], 'access-key'),
  uploadHost: text(
    (origin) => isOrigin(origin) && origin.startsWith('https:'),
    'must be an origin like https://files.example, without a path',
  ),
  signaturesPerMinute: whole(1, 1_000_000, DEFAULTS.signaturesPerMinute),
  tags: map(
    (entries) =>
      entries.length <= MAX_TAGS &&
      entries.every(
        ([key, value]) =>
          /^(?!aliyun|acs:|https?:\/\/)[\w .:/=+@-]{1,64}$/i.test(key) &&
          /^(?!aliyun|acs:|https?:\/\/)[\w .:/=+@-]{0,128}$/i.test(value),
      ),
    `must be at most ${MAX_TAGS} names with a text each, which may not start with aliyun, acs: or http://`,
  ),
  readyMinutes: whole(1, 60, 10),
})
