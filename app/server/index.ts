/** The signing server, for those who embed it in an Express 5 application of their own. */
export type { UploadedEvent } from './callback/body.ts'
export { type AppOptions, createApp } from './create-app.ts'
export { errorReply } from './http/error-handler.ts'
export { type ErrorCode, RequestError } from './http/request-error.ts'
export type { MultipartOptions } from './multipart/options.ts'
export type { SigningOptions, UploadRequest } from './signing-options.ts'
export { signingRouter } from './signing-router.ts'
export { type RunningServer, type ServerOptions, startServer } from './start-server.ts'
