/** The part of the signing server's answer that posting a form needs. */
export interface SignedForm {
  url: string
  /** In the order to send; the file goes last. */
  fields: Record<string, string>
  key: string
}

/** The file as the signing server is told of it. */
export interface FileToSign {
  name: string
  type: string
  /** Bytes. */
  size: number
}

/**
 * Asks for the form of one file.
 *
 * @param serverUrl Where the signing server is; `/signature` is put behind it
 * @throws Error with the server's own sentence
 */
export async function signFile(
  serverUrl: string,
  file: FileToSign,
  accessCode: string | undefined,
  signal: AbortSignal,
): Promise<SignedForm> {
  const url = new URL('signature', serverUrl.endsWith('/') ? serverUrl : `${serverUrl}/`)
  url.search = String(
    new URLSearchParams({ name: file.name, type: file.type, size: String(file.size) }),
  )
  const headers: Record<string, string> = accessCode ? { 'x-access-code': accessCode } : {}
  const response = await fetch(url, { headers, signal, cache: 'no-store' })
  const body = (await response.json().catch(() => ({}))) as Partial<SignedForm> & {
    message?: string
  }
  if (!response.ok || !body.url || !body.fields || body.key === undefined) {
    throw new Error(body.message ?? `The signing server answered ${response.status}`)
  }
  return { url: body.url, fields: body.fields, key: body.key }
}
