/** The parts of the rivals that the benchmarks call; their types are not installed with this project. */
declare module '@fastify/busboy' {
  import type { Writable } from 'node:stream'

  /** A writable stream that parses a form. */
  export const Busboy: new (options: { headers: { 'content-type': string } }) => Writable
}

declare module '@uppy/aws-s3' {
  import { BasePlugin, type Body, type Meta, type PluginOpts } from '@uppy/core'

  interface Options extends PluginOpts {
    shouldUseMultipart: boolean
    getUploadParameters: (file: { name: string; type: string; size: number }) => Promise<unknown>
  }
  export default class AwsS3<M extends Meta, B extends Body> extends BasePlugin<Options, M, B> {}
}

declare module '@uppy/companion' {
  import type { RequestListener } from 'node:http'

  /** Companion's Express application. */
  export function app(options: Record<string, unknown>): { app: RequestListener }
}

declare module 'express-rate-limit' {
  import type { RequestHandler } from 'express'

  export function rateLimit(options: Record<string, unknown>): RequestHandler
}

declare module 'pino-http' {
  import type { RequestHandler } from 'express'

  export function pinoHttp(options: Record<string, unknown>): RequestHandler
}

declare module 'lighthouse' {
  interface Category {
    score: number | null
  }
  export default function lighthouse(
    url: string,
    flags: Record<string, unknown>,
  ): Promise<{ lhr: { categories: Record<string, Category> } } | undefined>
}

declare module '@uppy/aws-s3' {
  import { BasePlugin, type Body, type Meta, type PluginOpts } from '@uppy/core'

  interface Options extends PluginOpts {
    shouldUseMultipart: boolean
    getUploadParameters(file: {
      name: string
      type: string
      size: number | null
    }): Promise<Record<string, unknown>>
  }

  export default class AwsS3<M extends Meta, B extends Body> extends BasePlugin<Options, M, B> {}
}
