import { type FileDescription, fileQuery } from './file-description.ts'
import { isObject, requestJson, type SigningServer } from './signing-client.ts'

/** A signed PostObject form for one file. */
export interface SignedForm {
  url: string
  /** In the order to send; the file goes last. */
  fields: Record<string, string>
  key: string
  /** When the policy expires, in unix seconds by the signing server's clock. */
  expire: number
}

/**
 * Requests the signed form of one file.
 *
 * @throws UploadError when the server rejects the request or does not respond
 * @throws the signal's reason when it is aborted
 */
export function requestForm(
  server: SigningServer,
  file: FileDescription,
  signal: AbortSignal,
): Promise<SignedForm> {
  return requestJson(server, 'signature', fileQuery(file), parseForm, signal)
}

function parseForm(body: unknown): SignedForm | undefined {
  if (!isObject(body)) return undefined
  const { url, fields, key, expire } = body
  if (typeof url !== 'string' || typeof key !== 'string') return undefined
  if (typeof expire !== 'number' || !isObject(fields)) return undefined
  return { url, fields: fields as Record<string, string>, key, expire }
}
