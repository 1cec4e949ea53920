import { scryptSync } from 'node:crypto'
import { UserError } from '../pulumi/user-error.ts'
import { environmentFile } from './environment-file.ts'

/** Secret variables of the server. An instance takes no others from the file: see fetch-release.py. */
export const SECRET_VARIABLES: readonly string[] = [
  'ACCESS_CODE',
  'OSS_ACCESS_KEY_ID',
  'OSS_ACCESS_KEY_SECRET',
  'TOKEN_SECRET',
]

/**
 * Returns the release's file of secret variables, for EnvironmentFile= of systemd. It starts with a
 * comment that is a slow hash of the rest: the SHA-256 of the file is public, and without the comment
 * a short access code could be found by trying out all of them.
 *
 * @throws UserError that names the variable, never its value, when it is none of SECRET_VARIABLES or
 *   systemd could not read it
 */
export function secretFile(variables: Readonly<Record<string, string>>): string {
  const unknown = Object.keys(variables).find((name) => !SECRET_VARIABLES.includes(name))
  if (unknown !== undefined) {
    throw new UserError(
      `${JSON.stringify(unknown)} is no secret variable of the server: ${SECRET_VARIABLES.join(', ')}`,
    )
  }
  const content = environmentFile(variables)
  return `# ${scryptSync(content, 'oss-direct-upload', 16).toString('hex')}\n${content}`
}
