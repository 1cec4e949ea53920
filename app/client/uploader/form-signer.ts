import type { FileDescription } from './file-description.ts'
import type { SignedForm } from './request-form.ts'
import type { RetryDelay } from './retry-policy.ts'

/** A form, and when the page requested it, in unix milliseconds. */
export interface RequestedForm extends SignedForm {
  requestedMs: number
}

/** Where signed forms come from. */
export interface FormSigner {
  /**
   * Returns the signed form of a file whose turn has come. Each attempt calls it again and gets a new
   * one. Waits for as long as the server asks clients to wait.
   *
   * @param onDelay Called before each such wait
   * @throws UploadError when the server refuses the file or does not respond
   * @throws the signal's reason when it is aborted
   */
  sign(
    file: FileDescription,
    signal: AbortSignal,
    onDelay: (reason: RetryDelay) => void,
  ): Promise<RequestedForm>
}
