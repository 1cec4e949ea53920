import { expect, test } from 'vitest'
import { defaults, load, problems } from './load-settings.ts'
import { recordRegistrations, resolved } from './registrations.ts'

test('an unset setting has a default', () => {
  expect(load({})).toEqual(defaults)
})

test('an empty setting counts as unset', () => {
  const empty = [
    'bucketName',
    'zoneId',
    'architecture',
    'password',
    'maxSize',
    'callback',
    'naming',
  ]
  expect(load(Object.fromEntries(empty.map((key) => [key, ''])))).toEqual(defaults)
  expect(load({ allowedCidrs: '', tags: '', sshCidrs: '[]' })).toEqual(defaults)
})

test('everything can be set', async () => {
  await recordRegistrations()
  const { password, accessCode, ...plain } = load({
    bucketName: 'photos',
    zoneId: 'ap-southeast-1a',
    instanceType: 'ecs.g8y.small',
    architecture: 'arm64',
    systemDiskCategory: 'cloud_essd',
    password: 'Swordfish-7',
    allowedCidrs: '["203.0.113.0/24","203.0.113.0/24","0.0.0.0/0"]',
    sshCidrs: '["203.0.113.7/32"]',
    bandwidth: '100',
    https: 'true',
    domain: 'photos.example',
    acmeDirectory: 'https://acme.example/directory',
    corsOrigins: '["https://a.example","http://b.example:8080"]',
    allowedTypes: '[".jpg","image/*"]',
    maxSize: '1048576',
    largeFiles: 'true',
    uploadDir: 'photos/2026/',
    expiresSeconds: '60',
    objectExpiryDays: '30',
    accessCode: 'open-sesame',
    callback: 'true',
    checkUploads: 'true',
    signatureVersion: 'v1',
    naming: 'keep',
    generalForm: 'false',
    credentials: 'instance-role',
    uploadHost: 'https://files.example',
    signaturesPerMinute: '10',
    filesPerHour: '1000',
    bytesPerHour: '5000000000',
    tags: '{"team":"web"}',
    readyMinutes: '20',
  })
  expect(plain).toEqual({
    region: 'ap-southeast-1',
    bucketName: 'photos',
    zoneId: 'ap-southeast-1a',
    instanceType: 'ecs.g8y.small',
    architecture: 'arm64',
    systemDiskCategory: 'cloud_essd',
    allowedCidrs: ['203.0.113.0/24', '0.0.0.0/0'],
    sshCidrs: ['203.0.113.7/32'],
    bandwidth: 100,
    https: true,
    domain: 'photos.example',
    acmeDirectory: 'https://acme.example/directory',
    corsOrigins: ['https://a.example', 'http://b.example:8080'],
    allowedTypes: ['.jpg', 'image/*'],
    maxSize: 1_048_576,
    largeFiles: true,
    uploadDir: 'photos/2026/',
    expiresSeconds: 60,
    objectExpiryDays: 30,
    callback: true,
    checkUploads: true,
    signatureVersion: 'v1',
    naming: 'keep',
    generalForm: false,
    credentials: 'instance-role',
    uploadHost: 'https://files.example',
    signaturesPerMinute: 10,
    filesPerHour: 1000,
    bytesPerHour: 5_000_000_000,
    tags: { team: 'web' },
    readyMinutes: 20,
  })
  for (const [output, value] of [
    [password, 'Swordfish-7'],
    [accessCode, 'open-sesame'],
  ] as const) {
    expect(output && (await resolved(output))).toBe(value)
    expect(await (output as unknown as { isSecret: Promise<boolean> }).isSecret).toBe(true)
  }
})

test('the architecture is that of the instance type', () => {
  expect(load({ instanceType: 'ecs.c8y.small' }).architecture).toBe('arm64')
  expect(load({ instanceType: 'ecs.c7.large' }).architecture).toBe('x86_64')
  expect(load({ architecture: 'arm64' }).architecture).toBe('arm64')
})

test('one error lists every problem, without values', () => {
  const bad = {
    bucketName: 'Secret_bucket',
    zoneId: 'Secret',
    instanceType: 'secret.large',
    architecture: 'secret',
    systemDiskCategory: 'secret',
    password: 'secret',
    allowedCidrs: '["secret"]',
    sshCidrs: '["10.0.0.1/8"]',
    bandwidth: '201',
    https: 'secret',
    domain: 'secret',
    acmeDirectory: 'http://secret.example/directory',
    instances: '{"min":"secret"}',
    certificateId: 'secret!',
    corsOrigins: '["https://secret.example/path"]',
    allowedTypes: '["secret"]',
    maxSize: '53687091200001',
    largeFiles: 'secret',
    uploadDir: '../secret/',
    expiresSeconds: '0',
    objectExpiryDays: '-1',
    accessCode: 'secret',
    callback: 'secret',
    checkUploads: 'secret',
    signatureVersion: 'secret',
    naming: 'secret',
    credentials: 'secret',
    uploadHost: 'http://secret.example',
    signaturesPerMinute: '1.5',
    filesPerHour: '-1',
    bytesPerHour: '1e9',
    tags: '{"acs:secret":"1"}',
    readyMinutes: '61',
    allowedCidr: 'secret',
  }
  expect(problems(bad, { region: 'oss-secret' })).toEqual([
    'alicloud:region must be a region like ap-southeast-1',
    'allowedCidr is no setting; there are bucketName, zoneId, instanceType, architecture, systemDiskCategory, password, allowedCidrs, sshCidrs, bandwidth, https, domain, acmeDirectory, instances, certificateId, corsOrigins, allowedTypes, maxSize, largeFiles, uploadDir, expiresSeconds, objectExpiryDays, accessCode, callback, checkUploads, signatureVersion, naming, generalForm, credentials, uploadHost, signaturesPerMinute, filesPerHour, bytesPerHour, tags, readyMinutes',
    'bucketName must be a bucket name: 3 to 63 of a-z, 0-9 and "-"',
    'zoneId must be a zone of the region, like ap-southeast-1a',
    'instanceType must be an instance type like ecs.e-c1m1.large',
    'architecture must be x86_64 or arm64',
    'systemDiskCategory must be cloud_essd_entry, cloud_efficiency, cloud_auto or cloud_essd',
    'password must have 8 to 30 characters of three of four kinds: a-z, A-Z, 0-9 and punctuation',
    'allowedCidrs must list IPv4 ranges like 203.0.113.0/24',
    'sshCidrs must list IPv4 ranges like 203.0.113.0/24',
    'bandwidth must be a whole number from 1 to 200',
    'https must be true or false',
    'domain must be a host name like photos.example, in lower case',
    'acmeDirectory must be an https URL like https://acme-staging-v02.api.letsencrypt.org/directory',
    'instances must be two whole numbers from 1 to 100: pulumi config set --path instances.min 2, and instances.max',
    'certificateId must be the id of a certificate in the certificate management service',
    'corsOrigins must list origins like https://host, https://*.host or capacitor://localhost, with one * each at most, or *',
    'allowedTypes must list extensions (.jpg) or MIME types (image/*)',
    'maxSize must be a whole number from 0 to 53687091200000',
    'largeFiles must be true or false',
    'uploadDir must be a prefix like upload/, of letters, digits, ".", "_" and "-" between slashes',
    'expiresSeconds must be a whole number from 1 to 604800',
    'objectExpiryDays must be a whole number from 0 to 3650',
    'accessCode must have 8 to 128 ASCII characters, without spaces',
    'callback must be true or false',
    'checkUploads must be true or false',
    'signatureVersion must be v4 or v1',
    'naming must be unique or keep',
    'credentials must be access-key or instance-role',
    'uploadHost must be an origin like https://files.example, without a path',
    'signaturesPerMinute must be a whole number from 1 to 1000000',
    'filesPerHour must be a whole number from 0 to 1000000000',
    'bytesPerHour must be a whole number from 0 to 999999999999999',
    'tags must be at most 8 names with a text each, which may not start with aliyun, acs: or http://',
    'readyMinutes must be a whole number from 1 to 60',
  ])
})

const SIZE =
  'instances must be two whole numbers from 1 to 100: pulumi config set --path instances.min 2, and instances.max'

test.each<[string, object | string]>([
  ['{"min":2,"max":6}', { min: 2, max: 6 }],
  ['{"min":"2","max":"6"}', { min: 2, max: 6 }],
  ['{"min":1,"max":1}', { min: 1, max: 1 }],
  ['{"min":100,"max":100}', { min: 100, max: 100 }],
  ['{"min":3,"max":2}', 'instances must have a min that is no larger than max'],
  ['{"min":0,"max":2}', SIZE],
  ['{"min":2,"max":101}', SIZE],
  ['{"min":1.5,"max":2}', SIZE],
  ['{"min":2}', SIZE],
  ['{"min":null,"max":2}', SIZE],
  ['{"min":true,"max":2}', SIZE],
  ['{"min":[2],"max":2}', SIZE],
  ['{"min":" ","max":2}', SIZE],
  ['{"min":2,"max":6,"desired":3}', SIZE],
  ['[2,6]', SIZE],
  ['2', SIZE],
])('instances = %s: %o', (instances, expected) => {
  const values = { instances, domain: 'photos.example' }
  if (typeof expected === 'string') expect(problems(values)).toEqual([expected])
  else expect(load(values).instances).toEqual(expected)
})

const many = (count: number, entry: (index: number) => string): string =>
  JSON.stringify(Array.from({ length: count }, (_, index) => entry(index)))

test.each<[string, string, string | undefined]>([
  ['password', 'Abcdefg1', undefined],
  ['password', 'abcdefg1', 'password must have 8 to 30 characters'],
  ['password', 'abc-efg1', undefined],
  ['password', 'Abcdef1', 'password must have 8 to 30 characters'],
  ['password', `Ab1${'c'.repeat(27)}`, undefined],
  ['password', `Ab1${'c'.repeat(28)}`, 'password must have 8 to 30 characters'],
  ['password', 'Abc defg1', 'password must have 8 to 30 characters'],
  ['password', 'Abc"defg1', 'password must have 8 to 30 characters'],
  ['allowedCidrs', '[]', 'allowedCidrs must list at least one range; 0.0.0.0/0 is everyone'],
  ['allowedCidrs', '["0.0.0.0/0"]', undefined],
  ['allowedCidrs', '["10.0.0.0/7"]', undefined],
  ['allowedCidrs', '["11.0.0.0/7"]', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', '["203.0.113.7"]', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', '["203.0.113.0/33"]', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', '["203.0.113.0/24/1"]', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', '["2001:db8::/32"]', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', '["256.0.113.0/24"]', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', '203.0.113.0/24', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', '[7]', 'allowedCidrs must list IPv4 ranges'],
  ['allowedCidrs', many(51, (i) => `10.0.${i}.0/24`), 'allowedCidrs must list at most 50 ranges'],
  ['sshCidrs', many(50, (i) => `10.0.${i}.0/24`), undefined],
  ['sshCidrs', many(51, (i) => `10.0.${i}.0/24`), 'sshCidrs must list at most 50 ranges'],
  ['corsOrigins', '["*"]', undefined],
  ['corsOrigins', '["https://a.example/"]', 'corsOrigins must list origins'],
  ['corsOrigins', '["ftp://a.example"]', 'corsOrigins must list origins'],
  [
    'corsOrigins',
    many(40, (i) => `https://${'a'.repeat(45)}${i}.example`),
    'corsOrigins must not be longer than 2000 characters in total',
  ],
  [
    'allowedTypes',
    many(500, (i) => `.ext${i}`),
    'allowedTypes must not be longer than 2000 characters in total',
  ],
  ['allowedTypes', '["image/png",".tar.gz"]', 'allowedTypes must list extensions'],
  ['uploadDir', 'a/b_c/d.e/f-g/ü/', undefined],
  ['uploadDir', 'upload', 'uploadDir must be a prefix like upload/'],
  ['uploadDir', '/upload/', 'uploadDir must be a prefix like upload/'],
  ['uploadDir', 'up*/', 'uploadDir must be a prefix like upload/'],
  ['uploadDir', 'a//b/', 'uploadDir must be a prefix like upload/'],
  ['uploadDir', 'a/./', 'uploadDir must be a prefix like upload/'],
  ['uploadDir', `${'a'.repeat(255)}/`, 'uploadDir must have at most 255 bytes'],
  ['uploadHost', 'https://files.example/', 'uploadHost must be an origin'],
  ['accessCode', 'open sesame', 'accessCode must have 8 to 128 ASCII characters'],
  ['accessCode', 'öffne-dich', 'accessCode must have 8 to 128 ASCII characters'],
  ['domain', 'Photos.example', 'domain must be a host name'],
  ['domain', 'photos', 'domain must be a host name'],
  ['domain', '203.0.113.10', 'domain must be a host name'],
  ['domain', 'https://photos.example', 'domain must be a host name'],
  ['domain', `${'a'.repeat(64)}.example`, 'domain must be a host name'],
  ['domain', `${'a.'.repeat(124)}example`, 'domain must be a host name'],
  ['domain', 'photos.example', 'domain needs https to be true'],
  ['domain', 'xn--bcher-kva.xn--p1ai', 'domain needs https to be true'],
  ['acmeDirectory', 'https://me:secret@acme.example/', 'acmeDirectory must be an https URL'],
  ['acmeDirectory', 'https://acme.example/dir?x=1', 'acmeDirectory must be an https URL'],
  ['zoneId', 'ap-southeast-1c', undefined],
  ['zoneId', 'eu-central-1a', 'zoneId must be a zone of alicloud:region'],
  ['maxSize', '5368709120', undefined],
  ['maxSize', '5.36870912e+09', 'maxSize must be a whole number'],
  ['tags', many(9, String), 'tags must be at most 8 names'],
  ['tags', '{"a":1}', 'tags must be at most 8 names'],
  ['tags', '{"":"1"}', 'tags must be at most 8 names'],
  ['tags', 'team=web', 'tags must be at most 8 names'],
])('%s = %s: %s', (key, value, problem) => {
  const found = problems({ [key]: value })
  expect(found).toHaveLength(problem === undefined ? 0 : 1)
  if (problem !== undefined) expect(found[0]).toContain(problem)
})

test('a region is required', () => {
  const line = 'alicloud:region must be a region like ap-southeast-1'
  expect(problems({}, { region: undefined })).toEqual([line])
  expect(problems({}, { region: '' })).toEqual([line])
})

test('a secret must be encrypted', () => {
  const values = { password: 'Swordfish-7', accessCode: 'open-sesame', naming: 'keep' }
  expect(problems(values, { encrypted: ['password'] })).toEqual([
    'accessCode must be set as a secret: pulumi config set --secret accessCode',
  ])
  expect(problems(values, { encrypted: ['password', 'accessCode'] })).toEqual([])
  expect(problems({ password: '' }, { encrypted: [] })).toEqual([])
})
