import { UserError } from '../pulumi/user-error.ts'

/**
 * Writes variables as a file that systemd reads with EnvironmentFile=, each value in double quotes.
 *
 * Source: systemd.exec(5), EnvironmentFile: within double quotes a backslash takes the meaning from
 * `"`, `\`, `` ` `` and `$`; line breaks and everything else stand for themselves. Control characters
 * other than tab and line break make systemd drop the variable.
 *
 * @throws UserError that names the variable, never its value, when systemd could not read it
 */
export function environmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${checkName(name)}="${checkValue(name, value)}"\n`)
    .join('')
}

function checkName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new UserError(`${JSON.stringify(name)} is not a name for an environment variable`)
}

function checkValue(name: string, value: string): string {
  if (!value.isWellFormed() || /(?![\t\n])\p{Cc}/u.test(value)) {
    throw new UserError(`The value of ${name} must not contain control characters`)
  }
  return value.replaceAll(/["\\`$]/g, '\\$&')
}
