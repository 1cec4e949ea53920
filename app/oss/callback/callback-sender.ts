import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { type Agent, request as httpRequest, type IncomingMessage } from 'node:http'
import { type Agent as HttpsAgent, request as httpsRequest } from 'node:https'
import type { CallbackUpload, Reply } from '../call.ts'
import { OssError } from '../errors/oss-error.ts'
import { errorDocument } from '../xml/error-document.ts'
import { callbackBody } from './callback-body.ts'
import { type CallbackParameter, parseCallback } from './callback-parameter.ts'
import { lookupPublic } from './private-address.ts'

/** Where the callbacks of OSS say that its public key is. */
export const PUBLIC_KEY_URL = 'https://gosspublic.alicdn.com/callback_pub_key_v1.pem'
const MAX_REPLY_BYTES = 1024 * 1024
const TIMEOUT_MS = 5000

/** Agents for connections to applications. */
export interface CallbackAgents {
  http: Agent
  https: HttpsAgent
}

/** Options of a callback sender. */
export interface CallbackSenderOptions {
  /** Where applications find the public key. @default the URL of the public key of OSS */
  publicKeyUrl?: string
  /** Time that an application has to answer. @default 5000 */
  timeoutMs?: number
  /** @default those of Node */
  agents?: Partial<CallbackAgents>
  /** Whether private and loopback addresses may be called. @default false */
  allowPrivate?: boolean
}

/** Makes callbacks like OSS, signed with a generated key pair. */
export class CallbackSender {
  readonly #privateKey: KeyObject
  /** PEM. */
  readonly publicKey: string
  readonly #options: Required<CallbackSenderOptions>

  constructor({
    publicKeyUrl = PUBLIC_KEY_URL,
    timeoutMs = TIMEOUT_MS,
    agents = {},
    allowPrivate = false,
  }: CallbackSenderOptions = {}) {
    // The key of OSS has 512 bits, fewer than today's OpenSSL accepts.
    const pair = generateKeyPairSync('rsa', { modulusLength: 1024 })
    this.#privateKey = pair.privateKey
    this.publicKey = pair.publicKey.export({ type: 'spki', format: 'pem' }) as string
    this.#options = { publicKeyUrl, timeoutMs, agents, allowPrivate }
  }

  /**
   * Tries the URLs in order until one answers 200 with JSON, and relays that answer.
   * Source: "Callback", Alibaba Cloud OSS documentation.
   *
   * @param host HostId of an error
   * @returns 200 with the application's JSON, or 203 CallbackFailed although the object is stored
   */
  async send(upload: CallbackUpload, host: string): Promise<Reply> {
    const parameter = parseCallback(upload.parameter, this.#options.allowPrivate)
    const body = callbackBody(parameter, upload)
    let failure = ''
    for (const url of parameter.urls) {
      try {
        const reply = await this.#call(url, parameter, body, upload)
        return { status: 200, headers: { 'Content-Type': 'application/json' }, body: reply }
      } catch (error) {
        failure = (error as Error).message
      }
    }
    const failed = new OssError('callbackFailed', { message: failure })
    return {
      status: 203,
      headers: { 'Content-Type': 'application/xml', 'x-oss-ec': failed.ec },
      body: errorDocument(failed, upload.requestId, host),
    }
  }

  async #call(
    url: URL,
    parameter: CallbackParameter,
    body: string,
    upload: CallbackUpload,
  ): Promise<string> {
    const { publicKeyUrl, timeoutMs, agents, allowPrivate } = this.#options
    const toSign = `${decodeURIComponent(url.pathname)}${url.search}\n${body}`
    const headers = {
      Host: parameter.host ?? url.host,
      Connection: 'close',
      'Content-Length': Buffer.byteLength(body),
      'Content-Type': parameter.bodyType,
      'Content-MD5': createHash('md5').update(body).digest('base64'),
      Date: new Date().toUTCString(),
      'User-Agent': 'aliyun-oss-callback',
      Authorization: sign('RSA-MD5', Buffer.from(toSign), this.#privateKey).toString('base64'),
      'x-oss-pub-key-url': Buffer.from(publicKeyUrl).toString('base64'),
      'x-oss-bucket': upload.bucket,
      'x-oss-request-id': upload.requestId,
      'x-oss-requester': upload.requester,
      'x-oss-signature-version': '1.0',
      'x-oss-tag': 'CALLBACK',
    }
    const secure = url.protocol === 'https:'
    const send = secure ? httpsRequest : httpRequest
    const agent = secure ? agents.https : agents.http
    const signal = AbortSignal.timeout(timeoutMs)
    const response = await new Promise<IncomingMessage>((resolve, reject) => {
      send(
        url,
        {
          method: 'POST',
          headers,
          signal,
          agent,
          ...(allowPrivate ? {} : { lookup: lookupPublic }),
        },
        resolve,
      )
        .on('error', reject)
        .end(body)
    }).catch((error: unknown) => {
      const why = signal.aborted
        ? 'Cost too long time'
        : '-1.OSS can not connect to your callbackUrl, please check it.'
      throw new Error(signal.aborted ? why : `Error status : ${why}`, { cause: error })
    })
    return readReply(response, signal)
  }
}

async function readReply(response: IncomingMessage, signal: AbortSignal): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      size += chunk.length
      if (size > MAX_REPLY_BYTES) break
      chunks.push(chunk)
    }
  } catch (error) {
    const why = signal.aborted ? 'Cost too long time' : 'The response of the callback broke off.'
    throw new Error(why, { cause: error })
  }
  if (response.statusCode !== 200) throw new Error(`Error status : ${response.statusCode}.`)
  if (size > MAX_REPLY_BYTES) throw new Error('Response body is too large.')
  const text = Buffer.concat(chunks).toString('utf8')
  try {
    JSON.parse(text)
  } catch (error) {
    throw new Error('Response body is not valid json format.', { cause: error })
  }
  return text
}
