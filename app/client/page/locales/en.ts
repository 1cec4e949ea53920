import type { HttpsFailureReason } from '../../../contract/index.ts'
import type { ErrorKind } from '../../uploader/error-kind.ts'

/** Why the page is not served over https. */
export type InsecureReason = HttpsFailureReason | 'pending'

/** Everything the page itself says; what Uppy says stands in its own packs. */
export interface Strings {
  title: string
  documentTitle: string
  intro: string
  language: string
  /** @param host Where the files go */
  destination: (host: string) => string
  /** @param host Where the page asks for signatures, when that is not its own address */
  signedBy: (host: string) => string
  /** @param size Of the largest file, e.g. `5 GB`; @param types as configured, may be empty */
  limits: (size: string, types: readonly string[]) => string
  badServerUrl: string
  serverSilent: string
  tryAgain: string
  /** @param why Empty once there is an encrypted page */
  unencrypted: (why: string) => string
  unencryptedReasons: Record<InsecureReason, string>
  encryptedPage: string
  offline: string
  codeTitle: string
  codeHint: string
  codeWrong: string
  codeLabel: string
  codeButton: string
  camera: string
  transfers: string
  clear: string
  keepBoth: string
  sending: string
  /** @param done and total as sizes */
  progress: (done: string, total: string) => string
  timeLeft: (time: string) => string
  finishing: string
  waitingOnline: string
  paused: string
  pause: string
  resume: string
  otherTab: string
  unfinished: string
  unfinishedHint: string
  discard: string
  retryingIn: (time: string, why: string) => string
  cancelled: string
  stored: (key: string) => string
  callbackFailed: (key: string, why: string) => string
  reply: (text: string) => string
  tooLarge: (size: string) => string
  typeNotAllowed: (types: readonly string[]) => string
  quoted: (said: string) => string
  request: (id: string) => string
  failures: Record<ErrorKind, string>
  /** Replacements in Uppy's own pack. */
  uppy: Record<string, string>
}

export const en: Strings = {
  title: 'Transfer Data from Web Client to OSS',
  documentTitle: 'Transfer Data from Web Client to OSS',
  intro:
    'Files go straight from this browser to the bucket. The server signs each one and never sees its bytes.',
  language: 'Language',
  destination: (host) => `Files go to ${host}`,
  signedBy: (host) => `signed by ${host}`,
  limits: (size, types) =>
    `Up to ${size} each${types.length === 0 ? '' : ` · ${types.join(', ')}`}`,
  badServerUrl: 'The serverUrl in this page’s address is not an http or https address.',
  serverSilent:
    'The signing server does not answer. Check the connection, and that it allows this page’s address (CORS_ORIGINS).',
  tryAgain: 'Try again',
  unencrypted: (why) =>
    'This page came over a connection that is not encrypted. ' +
    `Files go to the bucket encrypted all the same. ${why}`,
  unencryptedReasons: {
    pending: 'The server is still waiting for its certificate: load the page again in a minute.',
    caUnreachable: 'The server has no certificate: whoever issues them does not answer it.',
    clock: 'The server has no certificate, as its clock is off: tell its operator to set it.',
    rateLimited: 'The server has no certificate: it had too many of late and must wait.',
    notReached:
      'The server has no certificate: this address was not seen to lead to it. Tell its operator.',
    refused: 'The server was refused a certificate: tell its operator.',
    notOurs: 'The server has no certificate: tell its operator to look into the log.',
  },
  encryptedPage: 'Open the encrypted page',
  offline: 'You are offline. Uploads go on when the connection is back.',
  codeTitle: 'Access code needed',
  codeHint: 'Whoever runs this page has it. It is kept until you leave the page.',
  codeWrong: 'The server did not take that code. Check it and enter it once more.',
  codeLabel: 'Access code',
  codeButton: 'Use this code',
  camera: 'Camera',
  transfers: 'Transfers',
  clear: 'Clear finished',
  keepBoth: 'Keep both',
  sending: 'Starting',
  progress: (done, total) => `${done} of ${total}`,
  timeLeft: (time) => `${time} left`,
  finishing: 'Waiting for the bucket to confirm',
  waitingOnline: 'Offline: goes on when the connection is back',
  paused: 'Paused',
  pause: 'Pause',
  resume: 'Resume',
  otherTab: 'Another tab uploads this file: waiting for it',
  unfinished: 'Unfinished uploads',
  unfinishedHint: 'Select the same file again to go on where it stopped.',
  discard: 'Discard',
  retryingIn: (time, why) => `${why} Next try in ${time}.`,
  cancelled: 'Cancelled',
  stored: (key) => `Stored as ${key}`,
  callbackFailed: (key, why) => `Stored as ${key}, but the callback failed: ${why}`,
  reply: (text) => `Answer: ${text}`,
  tooLarge: (size) => `Not added: larger than the ${size} allowed here.`,
  typeNotAllowed: (types) => `Not added: only these types are allowed here: ${types.join(', ')}`,
  quoted: (said) => `It said: ${said}`,
  request: (id) => `request ${id}`,
  failures: {
    accessCodeRequired: 'The server wants an access code: enter it above.',
    busy: 'The other side is busy or out of order: try again in a while.',
    fileChanged: 'The file has changed since it was selected: select it again.',
    clockSkew: 'The signing server’s clock is off: tell its operator to set it.',
    corsMultipart:
      'The bucket does not let this page send large files: tell its operator to allow GET, PUT, POST and DELETE from this address in its CORS rules.',
    corsPost:
      'The bucket does not let this page write to it: tell its operator to allow POST from this address in its CORS rules.',
    customDomainRequired:
      'This bucket wants a custom domain: tell its operator to set one as the upload host.',
    checksumMismatch: 'What arrived is not what was sent: try again.',
    nameTaken: 'A file of this name is stored already: keep both, or rename yours.',
    policyExpired:
      'The signature expired before the file had arrived: try again on a faster connection, or ask the operator for a longer lifetime.',
    forbidden: 'You may not upload here.',
    policyMismatch: 'The bucket did not accept the form: tell the server’s operator.',
    headersNotExposed:
      'The bucket hides its answers from this page: tell its operator to expose the headers ETag and x-oss-hash-crc64ecma in its CORS rules.',
    fileGrown:
      'The file is too large for what was signed: it has changed since it was selected, so select it again.',
    keyRejected: 'The server signs with a key that the bucket does not accept: tell its operator.',
    bucketUnreachable: 'The bucket did not answer: check the connection, then try again.',
    noPermission:
      'The server’s key may not write to this bucket: tell its operator to grant oss:PutObject.',
    v1NotSupported:
      'The bucket no longer takes V1 signatures: tell the server’s operator to sign with V4.',
    rateLimited: 'Too many files in a short time: try again in a minute.',
    serverUnreachable: 'The signing server did not answer: check the connection, then try again.',
    tokenExpired: 'The server’s temporary key has expired: try again in a minute.',
    fileTooLarge: 'The file is larger than is allowed here.',
    typeNotAllowed: 'Files of this type are not allowed here.',
    unknown: 'The file was refused.',
  },
  uppy: {
    dashboardTitle: 'Upload files',
    removeFile: 'Remove %{file}',
    browseFiles: 'Select File',
    browseFolders: 'Select Folder',
    dropPasteBoth: 'Drop files or folders here, or paste them\n%{browseFiles} %{browseFolders}',
    dropPasteImportBoth:
      'Drop files or folders here, or paste them\n%{browseFiles} %{browseFolders}',
  },
}
