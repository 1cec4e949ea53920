import { stringify } from 'yaml'
import { UserError } from '../pulumi/user-error.ts'
import { environmentFile } from '../release/environment-file.ts'
import type { ReleaseManifest } from '../release/manifest.ts'
import { fetchProgram, fetchUnit, serverUnit } from './boot-files.ts'

/** What an instance is told at its first start; nothing of it may be secret. */
export interface UserDataInput {
  /** E.g. `ap-southeast-1`. */
  region: string
  /** RAM role of the instance, which may read the release's objects. */
  roleName: string
  release: ReleaseManifest
  /**
   * The server's environment, without secrets; NODE_ENV, PORT and RELEASE are set here, and with
   * HTTPS_NAME where its certificate is kept.
   */
  environment: Readonly<Record<string, string>>
  /** Whether the image's SSH server stays. @default false, it is stopped and never starts again */
  sshd?: boolean
}

/**
 * What listens for SSH in a Debian with systemd 256 or newer: the server, its socket, and the local
 * sockets that systemd-ssh-generator adds. Source: systemd-ssh-generator(8).
 */
const SSH_UNITS = ['ssh.service', 'ssh.socket', 'sshd-unix-local.socket', 'sshd-vsock.socket']

/** Source: "Instance user data", Alibaba Cloud ECS documentation: before it is encoded. */
const LIMIT_BYTES = 16 * 1024

/**
 * The instance's user data: a cloud-config that writes a program, its manifest and two systemd units,
 * and starts the server's. The server's unit waits for the other, which fetches the release; both are
 * found at a later start of the instance, when there is nothing left to fetch. Unless `sshd` is set,
 * nothing but the server listens.
 *
 * @throws UserError when it would be longer than an instance takes, or a variable cannot be written
 */
export function renderUserData(input: UserDataInput): string {
  const { region, roleName, release } = input
  // Its certificate is kept in the release's bucket, by the role's credentials.
  const https = input.environment.HTTPS_NAME !== undefined
  const instanceRole = https || input.environment.CREDENTIALS === 'instance-role'
  const settings = {
    ...(instanceRole ? { INSTANCE_ROLE: roleName } : {}),
    ...(https ? { CERTIFICATE_BUCKET: release.bucket } : {}),
    ...input.environment,
    NODE_ENV: 'production',
    PORT: '80',
    RELEASE: release.id,
  }
  const cloudConfig = {
    package_update: false,
    write_files: [
      file('/usr/local/lib/oss-direct-upload/fetch-release.py', fetchProgram()),
      file(
        '/etc/oss-direct-upload/release.json',
        `${JSON.stringify({ region, role: roleName, release })}\n`,
      ),
      file('/etc/oss-direct-upload/settings.env', environmentFile(settings)),
      file('/etc/systemd/system/oss-direct-upload-fetch.service', fetchUnit(release.id)),
      file(
        '/etc/systemd/system/oss-direct-upload.service',
        serverUnit({
          release: release.id,
          secrets: release.secrets !== undefined,
          instanceRole,
          state: https,
        }),
      ),
    ],
    // Without waiting: the unit goes on trying long after cloud-init has ended.
    runcmd: [
      ['systemctl', 'enable', '--now', '--no-block', 'oss-direct-upload.service'],
      ...(input.sshd ? [] : [['systemctl', 'mask', '--now', ...SSH_UNITS]]),
    ],
  }
  const text = `#cloud-config\n${stringify(cloudConfig, { lineWidth: 0, indentSeq: false })}`
  const bytes = Buffer.byteLength(text)
  if (bytes > LIMIT_BYTES) {
    throw new UserError(
      `The instance's user data would have ${bytes} bytes, of ${LIMIT_BYTES} that it may have: ` +
        'shorten the lists of allowed types, origins or the other settings of the server',
    )
  }
  return text
}

function file(path: string, content: string) {
  return { path, permissions: '0644', content }
}
