/** Uploads in parts. Loaded when the first large file is uploaded. */
export { browserPlatform } from './browser-platform.ts'
export { discardUpload, uploadMultipart } from './resume-or-start.ts'
