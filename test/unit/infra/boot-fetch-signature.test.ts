import { spawnSync } from 'node:child_process'
import OSS from 'ali-oss'
import fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { FETCH_RELEASE, hasPython } from './boot-instance.ts'

test.skipIf(!hasPython)('an instance signs as the official SDK does', () => {
  vi.spyOn(console, 'warn').mockImplementation(() => {})
  const text = (characters: string, max: number) =>
    fc.string({ unit: fc.constantFrom(...characters), minLength: 1, maxLength: max })
  const letters = 'ABCDEFGHJKabcdefghijk0123456789'
  const cases = fc.sample(
    fc.record({
      id: text(letters, 24),
      secret: text(`${letters}+/=`, 40),
      token: text(`${letters}+/=`, 300),
      region: fc.constantFrom('cn-hangzhou', 'ap-southeast-1', 'us-west-1'),
      bucket: fc.stringMatching(/^[a-z0-9][a-z0-9-]{1,20}[a-z0-9]$/),
      key: fc
        .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
        .filter((key) => key.isWellFormed() && !/^[/\\?]/.test(key)),
      seconds: fc.integer({ min: Date.UTC(2020) / 1000, max: Date.UTC(2099) / 1000 }),
    }),
    500,
  )
  const harness = [
    'import sys, json, importlib.util, datetime',
    'spec = importlib.util.spec_from_file_location("fetch_release", sys.argv[1])',
    'module = importlib.util.module_from_spec(spec)',
    'sys.dont_write_bytecode = True',
    'spec.loader.exec_module(module)',
    'for c in json.load(sys.stdin):',
    '    when = datetime.datetime.fromtimestamp(c["seconds"], datetime.timezone.utc)',
    '    credentials = [c["id"], c["secret"], c["token"]]',
    '    print(json.dumps(module.signed_headers(credentials, c["region"], c["bucket"], c["key"], when)))',
  ].join('\n')
  const { stdout, stderr } = spawnSync('python3', ['-c', harness, FETCH_RELEASE], {
    input: JSON.stringify(cases),
    encoding: 'utf8',
  })
  expect(stderr).toBe('')
  const lines = stdout.trimEnd().split('\n')
  expect(lines.length).toBe(500)
  cases.forEach(({ id, secret, token, region, bucket, key }, at) => {
    const { Authorization, ...headers } = JSON.parse(lines[at] ?? '') as Record<string, string>
    const client = new OSS({
      accessKeyId: id,
      accessKeySecret: secret,
      stsToken: token,
      region: `oss-${region}`,
      bucket,
    })
    expect(headers['x-oss-security-token']).toBe(token)
    expect(Authorization).toBe(
      client.authorizationV4('GET', { headers, queries: {} }, bucket, key, []),
    )
  })
})
