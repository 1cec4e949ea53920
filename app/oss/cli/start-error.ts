import { ListenError } from '../../process/listen.ts'
import { FolderInUseError } from '../store/folder-lock.ts'
import { SettingsError } from '../store/object-store.ts'

/**
 * Why an embedded OSS did not start, as a sentence for who started it.
 *
 * @param portOption What the port was given with, e.g. `--port`
 * @returns undefined when the reason lies in the program itself
 */
export function startFailureText(
  error: unknown,
  dir: string,
  portOption: string,
): string | undefined {
  if (error instanceof ListenError) {
    return error.about === 'port' ? `${error.message} with ${portOption}` : error.message
  }
  if (error instanceof FolderInUseError || error instanceof SettingsError) return error.message
  // Of the system: what it says names the call and the path.
  if (error instanceof Error && 'syscall' in error) {
    return `The folder ${dir} cannot be used: ${error.message}`
  }
  return undefined
}
