/** Uploads in parts; loaded when the first large file is to go. */
export { browserPlatform } from './browser-platform.ts'
export { abortUpload, uploadMultipart } from './resume-or-start.ts'
