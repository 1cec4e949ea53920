import type { HttpsFailureReason } from '@oss-direct-upload/contract'
import type { ErrorKind } from '@oss-direct-upload/uploader'

/** The page's texts. */
export interface Strings {
  title: string
  documentTitle: string
  intro: string
  language: string
  /** @param host Host that files are uploaded to */
  destination: (host: string) => string
  /** @param host Host of the signing server, if it is not the page's own */
  signedBy: (host: string) => string
  /** @param size Size of the largest file, e.g. `5 GB`; @param types Allowed types, may be empty */
  limits: (size: string, types: readonly string[]) => string
  serverNotAccepted: string
  serverUnreachable: string
  tryAgain: string
  /** @param reason Empty when there is an encrypted page */
  insecure: (reason: string) => string
  insecureReasons: Record<HttpsFailureReason | 'pending', string>
  encryptedPage: string
  offline: string
  codeTitle: string
  codeHint: string
  codeWrong: string
  codeLabel: string
  codeButton: string
  pickerHint: string
  selectFiles: string
  selectFolder: string
  camera: string
  takePhoto: string
  recordVideo: string
  takePicture: string
  usePicture: string
  retakePicture: string
  transfers: string
  uploadFiles: (count: number) => string
  retryFailed: (count: number) => string
  pauseAll: string
  resumeAll: string
  cancelAll: string
  clear: string
  filesStored: (count: number) => string
  filesFailed: (count: number) => string
  cancel: string
  remove: string
  retry: string
  keepBoth: string
  copyKey: string
  copied: string
  /** @param size Of the file */
  waiting: (size: string) => string
  starting: string
  /** @param sent and @param total As sizes */
  progress: (sent: string, total: string) => string
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
  notUploaded: (count: number) => string
  dismiss: string
  retryingIn: (time: string, reason: string) => string
  cancelled: string
  stored: (key: string) => string
  callbackFailed: (key: string, reason: string) => string
  callbackReply: (text: string) => string
  tooLarge: (size: string) => string
  typeNotAllowed: (types: readonly string[]) => string
  emptyFolder: string
  systemFiles: (count: number) => string
  quoted: (message: string) => string
  request: (id: string) => string
  errors: Record<ErrorKind, string>
}

const files = (count: number): string =>
  count === 1 ? '1 file' : `${count.toLocaleString('en')} files`

export const en: Strings = {
  title: 'Transfer Data from Web Client to OSS',
  documentTitle: 'Transfer Data from Web Client to OSS',
  intro:
    'Files go straight from this browser to the bucket. The server only signs and never sees a file.',
  language: 'Language',
  destination: (host) => `Files go to ${host}`,
  signedBy: (host) => `signed by ${host}`,
  limits: (size, types) =>
    `Up to ${size} each${types.length === 0 ? '' : ` · ${types.join(', ')}`}`,
  serverNotAccepted: 'This page does not accept the signing server in its address (serverUrl).',
  serverUnreachable:
    'The signing server does not respond. Check your connection, and that the server allows this page’s address (CORS_ORIGINS).',
  tryAgain: 'Try again',
  insecure: (reason) =>
    'This page was loaded over a connection that is not encrypted. ' +
    `Files are still encrypted on their way to the bucket. ${reason}`,
  insecureReasons: {
    pending: 'The server is waiting for its certificate. Reload the page in a minute.',
    caUnreachable: 'The server has no certificate: the certificate authority does not respond.',
    clock: 'The server has no certificate because its clock is wrong. Ask its operator to set it.',
    rateLimited:
      'The server has no certificate: it has requested too many recently and has to wait.',
    notReached:
      'The server has no certificate: the certificate authority could not confirm that this address belongs to it. Contact its operator.',
    refused: 'The certificate authority refused the server’s request. Contact its operator.',
    notOurs: 'The server has no certificate. Ask its operator to check the log.',
  },
  encryptedPage: 'Open the encrypted page',
  offline: 'You are offline. Uploads continue when you are back online.',
  codeTitle: 'Access code required',
  codeHint: 'Ask the operator of this page for the code. It is kept until you leave the page.',
  codeWrong: 'The server did not accept this code. Check it and enter it again.',
  codeLabel: 'Access code',
  codeButton: 'Use this code',
  pickerHint: 'Drop files or folders here, or paste them',
  selectFiles: 'Select File',
  selectFolder: 'Select Folder',
  camera: 'Camera',
  takePhoto: 'Take Picture',
  recordVideo: 'Record Video',
  takePicture: 'Take a picture',
  usePicture: 'Use this picture',
  retakePicture: 'Take another one',
  transfers: 'Transfers',
  uploadFiles: (count) => `Upload ${files(count)}`,
  retryFailed: (count) => `Retry ${files(count)}`,
  pauseAll: 'Pause all',
  resumeAll: 'Resume all',
  cancelAll: 'Cancel all',
  clear: 'Clear finished',
  filesStored: (count) => `${files(count)} stored`,
  filesFailed: (count) => `${count.toLocaleString('en')} failed`,
  cancel: 'Cancel',
  remove: 'Remove',
  retry: 'Retry',
  keepBoth: 'Keep both',
  copyKey: 'Copy key',
  copied: 'Copied',
  waiting: (size) => `Waiting · ${size}`,
  starting: 'Starting',
  progress: (sent, total) => `${sent} of ${total}`,
  timeLeft: (time) => `${time} left`,
  finishing: 'Waiting for the bucket to confirm',
  waitingOnline: 'Offline: continues when you are back online',
  paused: 'Paused',
  pause: 'Pause',
  resume: 'Resume',
  otherTab: 'Another tab is uploading this file: waiting for it',
  unfinished: 'Unfinished uploads',
  unfinishedHint: 'Select the same file again to continue where it stopped.',
  discard: 'Discard',
  notUploaded: (count) =>
    `${count === 1 ? '1 file was' : `${count.toLocaleString('en')} files were`} not uploaded before this page was left. Select them again:`,
  dismiss: 'Dismiss',
  retryingIn: (time, reason) => `${reason} Next attempt in ${time}.`,
  cancelled: 'Cancelled',
  stored: (key) => `Stored as ${key}`,
  callbackFailed: (key, reason) => `Stored as ${key}, but the callback failed: ${reason}`,
  callbackReply: (text) => `Response: ${text}`,
  tooLarge: (size) => `Not added: larger than the ${size} allowed here.`,
  typeNotAllowed: (types) => `Not added: only these types are allowed here: ${types.join(', ')}`,
  emptyFolder: 'Not added: the folder is empty.',
  systemFiles: (count) =>
    `Not added: ${files(count)} of the operating system, such as .DS_Store and Thumbs.db.`,
  quoted: (message) => `The response was: ${message}`,
  request: (id) => `request ${id}`,
  errors: {
    accessCodeRequired: 'The server requires an access code. Enter it above.',
    bucketUnreachable: 'The bucket did not respond. Check your connection and try again.',
    busy: 'The service is busy or out of order. Try again later.',
    changedWhileSent:
      'The file was changed or deleted while it was being sent, so what the bucket has may be neither version of it, and this page cannot delete it. Select the file again.',
    checksumMismatch: 'The stored data differs from the data that was sent. Try again.',
    clockSkew: 'The signing server’s clock is wrong. Ask its operator to set it.',
    corsMultipart:
      'The bucket does not let this page upload large files. Ask its operator to allow GET, PUT, POST and DELETE from this address in its CORS rules.',
    corsPost:
      'The bucket does not let this page upload files. Ask its operator to allow POST from this address in its CORS rules.',
    customDomainRequired:
      'This bucket requires a custom domain. Ask its operator to set one as the upload host.',
    fileChanged: 'The file has changed since it was selected. Select it again.',
    fileGrown: 'The file has changed since it was selected and is larger now. Select it again.',
    fileMissing: 'The file was moved or deleted after it was selected. Select it again.',
    fileTooLarge: 'The file is larger than allowed here.',
    fileUnreadable:
      'The file cannot be read: it has changed since it was selected, or you have no permission to read it. Select it again.',
    forbidden: 'You are not allowed to upload here.',
    headersNotExposed:
      'The bucket hides response headers from this page. Ask its operator to expose ETag and x-oss-hash-crc64ecma in its CORS rules.',
    keyRejected: 'The bucket does not accept the server’s access key. Contact its operator.',
    nameTaken: 'A file with this name already exists. Keep both, or rename yours.',
    noPermission:
      'The server’s access key may not write to this bucket. Ask its operator to grant oss:PutObject.',
    noSigningServer:
      'There is no signing server at this address. Check the page’s address, or the serverUrl in it.',
    policyExpired:
      'The signature expired before the upload was complete. Try again on a faster connection, or ask the operator for a longer lifetime.',
    policyMismatch: 'The bucket did not accept the form. Contact the server’s operator.',
    quotaExceeded: 'You have uploaded as much as one address may within an hour. Try again later.',
    rateLimited: 'Too many files in a short time.',
    serverUnreachable: 'The signing server did not respond. Check your connection and try again.',
    tokenExpired: 'The server’s temporary credentials have expired. Try again in a minute.',
    typeNotAllowed: 'Files of this type are not allowed here.',
    unknown: 'The file was rejected.',
    urlExpired:
      'The signature expired before the part was complete. Try again on a faster connection, or ask the operator for a longer lifetime.',
    wrongEndpoint:
      'The address that files are sent to is not one of this bucket. Ask the server’s operator to check UPLOAD_HOST.',
    v1NotSupported:
      'The bucket no longer accepts V1 signatures. Ask the server’s operator to use V4.',
  },
}
