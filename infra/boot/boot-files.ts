import { readFileSync } from 'node:fs'

/** Returns the program that downloads an instance's release, without comments. */
export function fetchProgram(): string {
  return (
    read('fetch-release.py')
      .replaceAll(/^ *"""[\s\S]*?"""\n/gm, '')
      .split('\n')
      .filter((line) => !/^\s*(#|$)/.test(line))
      // Tabs instead of four spaces each, because the size of user data is limited.
      .map((line) => line.replace(/^( {4})+/, (indent) => '\t'.repeat(indent.length / 4)))
      .map((line) => `${line}\n`)
      .join('')
  )
}

export interface ServerUnit {
  /** The release's id. */
  release: string
  /** Whether the release contains a file of secret variables. */
  secrets: boolean
  /** Whether the server gets credentials from the metadata service. */
  instanceRole: boolean
  /** Whether it has a directory that survives restarts. @default false */
  state?: boolean
}

/** Returns the systemd unit of the page and the signing server. */
export function serverUnit({ release, secrets, instanceRole, state }: ServerUnit): string {
  return unit('oss-direct-upload.service', {
    RELEASE: release,
    SECRETS: secrets ? 'EnvironmentFile=/etc/oss-direct-upload/secret.env' : '',
    STATE: state ? 'StateDirectory=oss-direct-upload\nStateDirectoryMode=0700' : '',
    // An attacker who controls the server must not get the role's credentials.
    METADATA: instanceRole ? '' : 'IPAddressDeny=100.100.100.200',
  })
}

/** Returns the systemd unit that downloads a release once. */
export function fetchUnit(release: string): string {
  return unit('oss-direct-upload-fetch.service', { RELEASE: release })
}

function unit(file: string, values: Readonly<Record<string, string>>): string {
  return read(file)
    .replaceAll(/@([A-Z]+)@/g, (_whole, name: string) => values[name] ?? '')
    .split('\n')
    .filter(
      (line, at, lines) => !line.startsWith('#') && (line !== '' || lines[at + 1]?.startsWith('[')),
    )
    .map((line) => `${line}\n`)
    .join('')
}

function read(file: string): string {
  return readFileSync(new URL(file, import.meta.url), 'utf8').replaceAll('\r\n', '\n')
}
