import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { renderUserData, type UserDataInput } from '../../../infra/boot/user-data.ts'
import { UserError } from '../../../infra/pulumi/user-error.ts'
import { environmentFile } from '../../../infra/release/environment-file.ts'

const SHA = { app: 'a'.repeat(64), runtime: 'b'.repeat(64), secrets: 'c'.repeat(64) }
const input: UserDataInput = {
  region: 'ap-southeast-1',
  roleName: 'oss-direct-upload-dev-server',
  release: {
    bucket: 'oss-direct-upload-dev-release-0123abcd',
    id: '0123456789ab',
    app: { key: `app/${SHA.app}.tar`, sha256: SHA.app },
    runtime: { key: `runtime/${SHA.runtime}.tgz`, sha256: SHA.runtime },
    secrets: { key: `secrets/${SHA.secrets}.env`, sha256: SHA.secrets },
  },
  environment: {
    CREDENTIALS: 'access-key',
    OSS_BUCKET: 'oss-direct-upload-dev-upload-0123abcd',
    OSS_REGION: 'ap-southeast-1',
    UPLOAD_DIR: 'upload/$(id) "上传"\\',
    MAX_SIZE: '5368709120',
  },
}
const keyless: UserDataInput = {
  ...input,
  release: (({ secrets: _none, ...release }) => release)(input.release),
  environment: { ...input.environment, CREDENTIALS: 'instance-role' },
}
const secure: UserDataInput = {
  ...input,
  environment: { ...input.environment, HTTPS_NAME: '203.0.113.10' },
}

interface CloudConfig {
  package_update: boolean
  write_files: { path: string; permissions: string; content: string }[]
  runcmd: string[][]
}

function files(from: UserDataInput): Record<string, string> {
  const { write_files } = parse(renderUserData(from)) as CloudConfig
  return Object.fromEntries(write_files.map(({ path, content }) => [path, content]))
}

const UNIT = '/etc/systemd/system/oss-direct-upload.service'
const FETCH = '/etc/systemd/system/oss-direct-upload-fetch.service'

const START = ['systemctl', 'enable', '--now', '--no-block', 'oss-direct-upload.service']
const NO_SSH = [
  ...['systemctl', 'mask', '--now'],
  ...['ssh.service', 'ssh.socket', 'sshd-unix-local.socket', 'sshd-vsock.socket'],
]

test('user data is a cloud-config with these files and two commands', () => {
  const text = renderUserData(input)
  expect(text.split('\n')[0]).toBe('#cloud-config')
  const { write_files, ...rest } = parse(text) as CloudConfig
  expect(rest).toEqual({
    package_update: false,
    runcmd: [START, NO_SSH],
  })
  expect(write_files.map(({ path, permissions }) => `${permissions} ${path}`)).toEqual([
    '0644 /usr/local/lib/oss-direct-upload/fetch-release.py',
    '0644 /etc/oss-direct-upload/release.json',
    '0644 /etc/oss-direct-upload/settings.env',
    `0644 ${FETCH}`,
    `0644 ${UNIT}`,
  ])
  // What is left for long lists of origins and types.
  expect(Buffer.byteLength(text)).toBeLessThan(14.5 * 1024)
})

test('the SSH server of the image stays when someone can log in', () => {
  const commands = (from: UserDataInput) => (parse(renderUserData(from)) as CloudConfig).runcmd
  expect(commands({ ...input, sshd: true })).toEqual([START])
  expect(commands({ ...input, sshd: false })).toEqual([START, NO_SSH])
})

test('the manifest says where everything is stored', () => {
  expect(JSON.parse(files(input)['/etc/oss-direct-upload/release.json'] ?? '')).toEqual({
    region: 'ap-southeast-1',
    role: 'oss-direct-upload-dev-server',
    release: input.release,
  })
})

test('the settings are those of the input and those of every instance', () => {
  expect(files(input)['/etc/oss-direct-upload/settings.env']).toBe(
    [
      'CREDENTIALS="access-key"',
      'OSS_BUCKET="oss-direct-upload-dev-upload-0123abcd"',
      'OSS_REGION="ap-southeast-1"',
      'UPLOAD_DIR="upload/\\$(id) \\"上传\\"\\\\"',
      'MAX_SIZE="5368709120"',
      'NODE_ENV="production"',
      'PORT="80"',
      'RELEASE="0123456789ab"',
      '',
    ].join('\n'),
  )
  expect(files(keyless)['/etc/oss-direct-upload/settings.env']?.split('\n')[0]).toBe(
    'INSTANCE_ROLE="oss-direct-upload-dev-server"',
  )
})

test('the server may reach the metadata service only when it needs it', () => {
  const lines = (from: UserDataInput): string[] => files(from)[UNIT]?.split('\n') ?? []
  expect(lines(input)).toContain('IPAddressDeny=100.100.100.200')
  expect(lines(input)).toContain('EnvironmentFile=/etc/oss-direct-upload/secret.env')
  expect(lines(keyless).filter((line) => /^(IPAddress|EnvironmentFile)/.test(line))).toEqual([
    'EnvironmentFile=/etc/oss-direct-upload/settings.env',
  ])
})

test("with https the server stores its certificate in a folder and in the release's bucket", () => {
  const settings = (from: UserDataInput): string[] =>
    files(from)['/etc/oss-direct-upload/settings.env']?.split('\n') ?? []
  expect(settings(secure)).toEqual([
    'INSTANCE_ROLE="oss-direct-upload-dev-server"',
    'CERTIFICATE_BUCKET="oss-direct-upload-dev-release-0123abcd"',
    ...settings(input).slice(0, 5),
    'HTTPS_NAME="203.0.113.10"',
    ...settings(input).slice(5),
  ])
  const lines = files(input)[UNIT]?.split('\n') ?? []
  expect(files(secure)[UNIT]?.split('\n')).toEqual(
    lines
      .flatMap((line) =>
        line === 'DynamicUser=yes'
          ? [line, 'StateDirectory=oss-direct-upload', 'StateDirectoryMode=0700']
          : [line],
      )
      .filter((line) => line !== 'IPAddressDeny=100.100.100.200'),
  )
  expect(files(secure)[FETCH]).toBe(files(input)[FETCH])
  // With the longest name that there is, room is left for lists.
  const domain = `${'a'.repeat(60)}.`.repeat(4).slice(0, 245).concat('.example')
  const longest = { ...secure, environment: { ...secure.environment, HTTPS_NAME: domain } }
  expect(Buffer.byteLength(renderUserData(longest))).toBeLessThan(15 * 1024)
})

test('both units contain the release and no placeholder', () => {
  expect(files(input)[FETCH]).toContain(
    '\nConditionPathExists=!/opt/oss-direct-upload/0123456789ab\n',
  )
  expect(files(input)[UNIT]).toContain(
    '\nExecStart=/opt/oss-direct-upload/0123456789ab/bin/node --use-system-ca ' +
      '--min-semi-space-size=16 --max-semi-space-size=16 ' +
      '/opt/oss-direct-upload/0123456789ab/app/server.mjs\n',
  )
  expect(renderUserData(input)).not.toMatch(/@[A-Z]+@/)
})

test('the program is that of the sources, without comments and indented by tabs', () => {
  const program = files(input)['/usr/local/lib/oss-direct-upload/fetch-release.py'] ?? ''
  expect(program).not.toMatch(/"""|^\s*#|^ {4}|^\s*$(?!\n*$)/m)
  const source = readFileSync(
    new URL('../../../infra/boot/fetch-release.py', import.meta.url),
    'utf8',
  )
  const bare = (text: string) => text.replaceAll(/\s+/g, ' ')
  const withoutComments = source
    .replaceAll(/^ *"""[\s\S]*?"""\n/gm, '')
    .replaceAll(/^\s*#.*\n/gm, '')
  expect(bare(program)).toBe(bare(withoutComments))
})

test('the same input gives the same bytes', () => {
  expect(renderUserData(structuredClone(input))).toBe(renderUserData(input))
})

test('user data that is too long is refused with what to shorten', () => {
  const long = { ...input, environment: { CORS_ORIGINS: 'https://a.example,'.repeat(150) } }
  const bytes = Buffer.byteLength(renderUserData(input)) // within the limit
  expect(bytes).toBeLessThan(16 * 1024)
  expect(() => renderUserData(long)).toThrow(UserError)
  expect(() => renderUserData(long)).toThrow(
    /^The instance's user data would have 1\d{4} bytes, of 16384 that it may have: shorten the lists of allowed types, origins or the other settings of the server$/,
  )
})

describe('a file of variables', () => {
  test.each([
    [{ 'A-B': 'x' }, '"A-B" is not a valid name of an environment variable'],
    [{ '1A': 'x' }, '"1A" is not a valid name of an environment variable'],
    [{ A: 'top\u0000secret' }, 'The value of A must not contain control characters'],
    [{ A: 'top\rsecret' }, 'The value of A must not contain control characters'],
    [{ A: 'top\ud800secret' }, 'The value of A must not contain control characters'],
  ])('%o is refused without its value', (variables, message) => {
    expect(() => environmentFile(variables)).toThrow(new UserError(message))
  })

  const generator =
    '/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator'
  const values = {
    PLAIN: 'upload/',
    QUOTES: `"double" 'single' \`back\``,
    BACKSLASHES: '\\ \\\\ \\n C:\\dir\\',
    HASH: '# no comment ; nor this',
    SPACES: '  around  ',
    LINES: 'one\ntwo\n',
    TAB: 'a\tb',
    UNICODE: '上传 é 🙂',
    EQUALS: 'a=b=c',
  }

  test('quotes each value', () => {
    expect(environmentFile({ A: 'a"b\\c`d$e', B: 'two\nlines' })).toBe(
      'A="a\\"b\\\\c\\`d\\$e"\nB="two\nlines"\n',
    )
  })

  const canRead = spawnSync(generator).status === 0
  if (!canRead) console.log('Skipped: systemd reading a file of variables, as it is not here')
  test.skipIf(!canRead)('is read by systemd with the same values', () => {
    const home = mkdtempSync(join(tmpdir(), 'environment-'))
    const folder = join(home, 'environment.d')
    spawnSync('mkdir', [folder])
    writeFileSync(join(folder, '50-test.conf'), environmentFile(values))
    const { stdout } = spawnSync(generator, {
      env: { XDG_CONFIG_HOME: home, HOME: home, PATH: process.env.PATH },
      encoding: 'utf8',
    })
    rmSync(home, { recursive: true })
    // It prints `NAME="value"`, with the same escapes and two more.
    const read = Object.fromEntries(
      stdout.split('\n').map((line) => {
        const [, name = '', value = ''] = /^(\w+)="?(.*?)"?$/.exec(line) ?? []
        return [
          name,
          value.replaceAll(/\\(.)/g, (_all, c: string) => ({ n: '\n', t: '\t' })[c] ?? c),
        ]
      }),
    )
    expect(read).toMatchObject(values)
  })
})

const analyze = spawnSync('systemd-analyze', ['--version'], { encoding: 'utf8' })
const version = Number(/^systemd (\d+)/.exec(analyze.stdout ?? '')?.[1] ?? 0)
if (version < 252) console.log('Skipped: systemd judging the units, as no systemd 252 is here')

describe.skipIf(version < 252)('systemd', () => {
  const dir = mkdtempSync(join(tmpdir(), 'units-'))
  afterAll(() => rmSync(dir, { recursive: true }))
  /** Writes the units, with programs that are on this machine. */
  const write = (from: UserDataInput): { server: string; fetch: string } => {
    const server = join(dir, 'oss-direct-upload.service')
    const fetch = join(dir, 'oss-direct-upload-fetch.service')
    const here = (text = ''): string =>
      text.replaceAll(/^ExecStart=\S+/gm, `ExecStart=${process.execPath}`)
    writeFileSync(server, here(files(from)[UNIT]))
    writeFileSync(fetch, here(files(from)[FETCH]))
    return { server, fetch }
  }
  const exposure = (unit: string): number => {
    const { stdout } = spawnSync('systemd-analyze', ['security', '--offline=true', unit], {
      encoding: 'utf8',
    })
    return Number(/Overall exposure level for \S+: (\d+\.\d+)/.exec(stdout)?.[1])
  }

  test.each([
    ['with a key', input],
    ['with a role', keyless],
    ['with https', secure],
  ])('finds nothing wrong with the units %s', (_how, from) => {
    const { status, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', write(from).server],
      { encoding: 'utf8' },
    )
    // Settings of systemd 254; the image has 257.
    const newer = /: Unknown key (name )?'Restart(Mode|Steps|MaxDelaySec)' in section/
    const found = stderr.split('\n').filter((line) => line !== '' && !newer.test(line))
    expect(found.filter((line) => line.includes('oss-direct-upload'))).toEqual([])
    if (version >= 254) expect([status, stderr]).toEqual([0, ''])
  })

  test.each([
    ['with a key', input],
    ['with a role', keyless],
    ['with https', secure],
  ])('finds the units %s well confined', (_how, from) => {
    const { server, fetch } = write(from)
    expect(exposure(server)).toBeLessThanOrEqual(2)
    expect(exposure(fetch)).toBeLessThanOrEqual(2)
  })
})
