import { requestJson } from './signing-client.ts'

/** The part of the signing server's answer that posting a form needs. */
export interface SignedForm {
  url: string
  /** In the order to send; the file goes last. */
  fields: Record<string, string>
  key: string
  /** When it stops being good, in seconds since 1970 by the signing server's clock. */
  expire: number
}

/** The file as the signing server is told of it. */
export interface FileToSign {
  /** With the folders before it, if there are any. */
  name: string
  type: string
  /** Bytes. */
  size: number
  /** Whether to name the object beside one that has the name already. */
  rename: boolean
}

/**
 * Asks for the form of one file.
 *
 * @param serverUrl Where the signing server is; `signature` is put behind it
 * @throws UploadRefusedError when the server refuses or does not answer
 * @throws the signal's reason when aborted
 */
export async function requestForm(
  serverUrl: string,
  file: FileToSign,
  accessCode: string | undefined,
  signal: AbortSignal,
): Promise<SignedForm> {
  const { name, type, size, rename } = file
  const query = { name, type, size: String(size), ...(rename ? { conflict: 'rename' } : {}) }
  return requestJson(serverUrl, 'signature', query, accessCode, signedForm, signal)
}

function signedForm(body: unknown): SignedForm | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { url, fields, key, expire } = body as Partial<Record<keyof SignedForm, unknown>>
  if (typeof url !== 'string' || typeof key !== 'string') return undefined
  if (typeof expire !== 'number') return undefined
  if (typeof fields !== 'object' || fields === null) return undefined
  return { url, fields: fields as Record<string, string>, key, expire }
}
