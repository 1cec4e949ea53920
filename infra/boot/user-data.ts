import { stringify } from 'yaml'
import { UserError } from '../pulumi/user-error.ts'
import { environmentFile } from '../release/environment-file.ts'
import type { ReleaseManifest } from '../release/manifest.ts'
import { fetchProgram, fetchUnit, serverUnit } from './boot-files.ts'

/** What an instance needs at its first start; nothing of it may be secret. */
export interface UserDataInput {
  /** E.g. `ap-southeast-1`. */
  region: string
  /** RAM role of the instance, which can read the release's objects. */
  roleName: string
  release: ReleaseManifest
  /**
   * The server's environment without secrets. NODE_ENV, PORT and RELEASE are added, and the bucket of
   * the certificate when HTTPS_NAME is set.
   */
  environment: Readonly<Record<string, string>>
  /** Whether the image's SSH server stays enabled. @default false, it is stopped and masked */
  sshd?: boolean
}

/**
 * Units that listen for SSH in Debian with systemd 256 or newer: the server, its socket, and the local
 * sockets of systemd-ssh-generator(8).
 */
const SSH_UNITS = ['ssh.service', 'ssh.socket', 'sshd-unix-local.socket', 'sshd-vsock.socket']

/** Before base64. Source: "Instance user data", ECS documentation. */
const LIMIT_BYTES = 16 * 1024

/**
 * Returns the instance's user data: a cloud-config that writes the download program, its manifest and
 * two systemd units, and starts the server's unit. That one waits for the other, which downloads the
 * release. Both stay for later starts of the instance, when nothing is left to download. Unless `sshd`
 * is set, nothing but the server listens.
 *
 * @throws UserError when the user data is too long, or a variable contains control characters
 */
export function renderUserData(input: UserDataInput): string {
  const { region, roleName, release } = input
  // The role's credentials store the certificate in the release's bucket.
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
    // --no-block, because the unit retries long after cloud-init has ended.
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
