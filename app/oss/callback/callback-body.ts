import type { CallbackUpload } from '../call.ts'
import type { CallbackParameter } from './callback-parameter.ts'

/**
 * Returns the body of a callback with its variables replaced. JSON gets a value with its quotes, a form
 * gets it URL-encoded. An unknown variable is empty.
 * Source: "Callback", Alibaba Cloud OSS documentation.
 */
export function callbackBody(parameter: CallbackParameter, upload: CallbackUpload): string {
  const json = parameter.bodyType === 'application/json'
  return parameter.body.replaceAll(/\$\{([^{}]*)\}/g, (_whole, name: string) => {
    const value = variable(name, upload)
    if (!json) return encodeURIComponent(String(value))
    return JSON.stringify(value)
  })
}

function variable(name: string, upload: CallbackUpload): string | number {
  const { bucket, key, etag, size, mimeType, crc64, contentMd5, clientIp, operation } = upload
  const known: Record<string, string | number> = {
    bucket,
    object: key,
    etag,
    size,
    mimeType,
    crc64,
    contentMd5,
    clientIp,
    reqId: upload.requestId,
    operation,
  }
  return known[name] ?? upload.variables[name] ?? ''
}
