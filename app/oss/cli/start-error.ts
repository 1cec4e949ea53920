import { ListenError } from '@oss-direct-upload/process/listen'
import { FolderInUseError } from '../store/folder-lock.ts'
import { SettingsError } from '../store/object-store.ts'

/**
 * Returns a sentence for the user about why an embedded OSS did not start.
 *
 * @param portOption Option that sets the port, e.g. `--port`
 * @returns undefined for an error of the program itself
 */
export function startErrorText(
  error: unknown,
  dir: string,
  portOption: string,
): string | undefined {
  if (error instanceof ListenError) {
    return error.about === 'port' ? `${error.message} with ${portOption}` : error.message
  }
  if (error instanceof FolderInUseError || error instanceof SettingsError) return error.message
  // The message of a system error names the call and the path.
  if (error instanceof Error && 'syscall' in error) {
    return `The folder ${dir} cannot be used: ${error.message}`
  }
  return undefined
}
