/** The uploader as a plugin for Uppy. */
export { OssUpload, type OssUploadOptions, RENAME_META, type StoredBody } from './oss-upload.ts'
