import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Credentials } from '@oss-direct-upload/signing'
import type { Express } from 'express'
import { loadConfig } from '../../../app/server/config.ts'
import { createApp } from '../../../app/server/create-app.ts'
import { FakePage } from './fake-page.ts'

/** Hardware that boots nothing: this process serves an instance's page and signs for it. */
export class ServedPage extends FakePage {
  readonly #clientDir: string
  readonly #credentials: () => Credentials
  readonly #apps = new Map<string, Express>()

  /**
   * @param clientDir Folder of the built page
   * @param credentials Returns the key of the server, which the release brings to a real instance
   */
  constructor(clientDir: string, credentials: () => Credentials) {
    super()
    this.#clientDir = clientDir
    this.#credentials = credentials
  }

  /** Answers by HTTP, for the simulated cloud. */
  readonly serve = (
    { instanceId }: { instanceId: string },
    request: IncomingMessage,
    response: ServerResponse,
  ): void => {
    const app = this.#apps.get(instanceId) ?? this.#start(instanceId)
    this.#apps.set(instanceId, app)
    app(request, response)
  }

  #start(instanceId: string): Express {
    const { accessKeyId, accessKeySecret } = this.#credentials()
    const { app } = loadConfig({
      ...this.environment(instanceId),
      OSS_ACCESS_KEY_ID: accessKeyId,
      OSS_ACCESS_KEY_SECRET: accessKeySecret,
    })
    return createApp({ ...app, clientDir: this.#clientDir })
  }
}
