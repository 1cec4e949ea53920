import type { CallbackUpload } from '../call.ts'
import type { CallbackParameter } from './callback-parameter.ts'

/**
 * The body of a callback with its variables put in. In JSON a value stands with its quotes where
 * it is a text; in a form it is URL-encoded. A variable that there is none of is empty.
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
  switch (name) {
    case 'bucket':
      return upload.bucket
    case 'object':
      return upload.key
    case 'etag':
      return upload.etag
    case 'size':
      return upload.size
    case 'mimeType':
      return upload.mimeType
    case 'crc64':
      return upload.crc64
    case 'contentMd5':
      return upload.contentMd5
    case 'clientIp':
      return upload.clientIp
    case 'reqId':
      return upload.requestId
    case 'operation':
      return upload.operation
    default:
      return upload.variables[name] ?? ''
  }
}
