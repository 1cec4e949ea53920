import { noAnswer, refusalByServer, UploadRefusedError } from './refusal.ts'
import { underServer } from './server-config.ts'

/** The part of the signing server's answer that posting a form needs. */
export interface SignedForm {
  url: string
  /** In the order to send; the file goes last. */
  fields: Record<string, string>
  key: string
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
export async function signFile(
  serverUrl: string,
  file: FileToSign,
  accessCode: string | undefined,
  signal: AbortSignal,
): Promise<SignedForm> {
  const url = underServer(serverUrl, 'signature')
  const { name, type, size } = file
  url.search = String(new URLSearchParams({ name, type, size: String(size) }))
  if (file.rename) url.searchParams.set('conflict', 'rename')
  const headers: Record<string, string> = accessCode ? { 'x-access-code': accessCode } : {}
  const response = await fetch(url, { headers, signal, cache: 'no-store' }).catch(() => {
    signal.throwIfAborted()
    throw new UploadRefusedError(noAnswer('server'))
  })
  const body: unknown = await response.json().catch(() => undefined)
  signal.throwIfAborted()
  const form = response.ok ? signedForm(body) : undefined
  if (form === undefined) {
    const { status, headers } = response
    throw new UploadRefusedError(refusalByServer(status, body, headers.get('retry-after')))
  }
  return form
}

function signedForm(body: unknown): SignedForm | undefined {
  if (typeof body !== 'object' || body === null) return undefined
  const { url, fields, key } = body as Partial<Record<keyof SignedForm, unknown>>
  if (typeof url !== 'string' || typeof key !== 'string') return undefined
  if (typeof fields !== 'object' || fields === null) return undefined
  return { url, fields: fields as Record<string, string>, key }
}
