import type { FileDescription } from './file-description.ts'
import { requestForm, type SignedForm } from './request-form.ts'
import type { SigningServer } from './signing-client.ts'

/** Where signed forms come from. */
export interface FormSigner {
  /**
   * Returns the signed form of a file whose turn has come. Each attempt calls it again.
   *
   * @throws UploadError when the server rejects the request or does not respond
   * @throws the signal's reason when it is aborted
   */
  sign(file: FileDescription, signal: AbortSignal): Promise<SignedForm>
}

/**
 * Creates the signer of a queue.
 *
 * @param _upcoming Returns the files that start next, in order. They are the very objects that `sign`
 *   is called with later
 */
export function createFormSigner(
  server: SigningServer,
  _upcoming: (count: number) => readonly FileDescription[],
): FormSigner {
  return { sign: (file, signal) => requestForm(server, file, signal) }
}
