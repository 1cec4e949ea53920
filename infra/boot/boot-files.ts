import { readFileSync } from 'node:fs'

/** The program that an instance runs to get its release, as short as it can be said. */
export function fetchProgram(): string {
  return (
    read('fetch-release.py')
      .replaceAll(/^ *"""[\s\S]*?"""\n/gm, '')
      .split('\n')
      .filter((line) => !/^\s*(#|$)/.test(line))
      // A tab for each four spaces: Python takes either, and user data is short of room.
      .map((line) => line.replace(/^( {4})+/, (indent) => '\t'.repeat(indent.length / 4)))
      .map((line) => `${line}\n`)
      .join('')
  )
}

export interface ServerUnit {
  /** The release's id. */
  release: string
  /** Whether a file of secret variables comes with the release. */
  secrets: boolean
  /** Whether the server takes credentials from the metadata service. */
  instanceRole: boolean
  /** Whether it keeps something across restarts. @default false */
  state?: boolean
}

/** The unit of the page and the signing server. */
export function serverUnit({ release, secrets, instanceRole, state }: ServerUnit): string {
  return unit('oss-direct-upload.service', {
    RELEASE: release,
    SECRETS: secrets ? 'EnvironmentFile=/etc/oss-direct-upload/secret.env' : '',
    STATE: state ? 'StateDirectory=oss-direct-upload\nStateDirectoryMode=0700' : '',
    // What gains control of the server must not gain the role's credentials.
    METADATA: instanceRole ? '' : 'IPAddressDeny=100.100.100.200',
  })
}

/** The unit that fetches a release once. */
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
