import { UserError } from '../pulumi/user-error.ts'

/**
 * Returns a file of variables for EnvironmentFile= of systemd, each value in double quotes.
 *
 * Source: systemd.exec(5), EnvironmentFile: within double quotes a backslash escapes `"`, `\`, `` ` ``
 * and `$`; line breaks and everything else are literal. Control characters other than tab and line
 * break make systemd drop the variable.
 *
 * @throws UserError with the variable's name, never its value, when systemd could not read it
 */
export function environmentFile(variables: Readonly<Record<string, string>>): string {
  return Object.entries(variables)
    .map(([name, value]) => `${checkName(name)}="${checkValue(name, value)}"\n`)
    .join('')
}

function checkName(name: string): string {
  if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) return name
  throw new UserError(`${JSON.stringify(name)} is not a valid name of an environment variable`)
}

function checkValue(name: string, value: string): string {
  if (!value.isWellFormed() || /(?![\t\n])\p{Cc}/u.test(value)) {
    throw new UserError(`The value of ${name} must not contain control characters`)
  }
  return value.replaceAll(/["\\`$]/g, '\\$&')
}
