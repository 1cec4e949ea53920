import { KEY, ossForm, REGION } from '../stores/oss-form.ts'
import { BUCKET } from '../stores/store.ts'
import type { Load } from './cases.ts'

/** Temporary key of the embedded OSS, for pages that sign themselves. */
export const TEMPORARY_KEY = {
  accessKeyId: 'STS.LTAI5tBenchTemporary',
  accessKeySecret: 'secret-of-the-temporary-key',
  securityToken: `CAIS${'0123456789abcdef'.repeat(40)}`,
}

/** A page that uploads the files of its file input. */
export interface Uploader {
  name: string
  title: string
  /** Page of the rivals; absent for this project's page. */
  page?: string
  /** Further environment of the signing server. */
  env?: Record<string, string>
  /** Returns what the page reads from `upload.json`. */
  settings?(load: Load, bucketUrl: string): object
  /** Loads that it is measured with. @default all */
  loads?: readonly string[]
}

/** This project's page first. */
export const UPLOADERS: readonly Uploader[] = [
  { name: 'page', title: 'this page' },
  { name: 'page-parts', title: 'this page, in parts', env: { MULTIPART: 'on' }, loads: ['large'] },
  { name: 'uploader', title: 'the uploader without a page', page: 'uploader.html' },
  {
    name: 'floor',
    title: 'six bare workers, signed beforehand',
    page: 'floor.html',
    settings: ({ files, size }, url) => ({
      url,
      forms: Array.from({ length: files }, (_, n) => ossForm(`floor/${n}`, size)),
    }),
  },
  {
    name: 'ali-oss',
    title: 'ali-oss',
    page: 'ali-oss.html',
    settings: (_load, endpoint) => ({
      options: {
        accessKeyId: TEMPORARY_KEY.accessKeyId,
        accessKeySecret: TEMPORARY_KEY.accessKeySecret,
        stsToken: TEMPORARY_KEY.securityToken,
        bucket: BUCKET,
        region: `oss-${REGION}`,
        authorizationV4: true,
        endpoint,
        cname: true,
      },
    }),
  },
  { name: 'uppy', title: 'Uppy with aws-s3', page: 'uppy.html' },
  {
    name: 'plupload',
    title: 'Plupload as in the sample',
    page: 'plupload.html',
    env: { GENERAL_FORM: 'on' },
  },
]

/** Environment of the signing server for the bucket at a URL; all other settings as they come. */
export function signingEnvironment(uploadHost: string, clientDir: string): Record<string, string> {
  return {
    OSS_ACCESS_KEY_ID: KEY.accessKeyId,
    OSS_ACCESS_KEY_SECRET: KEY.accessKeySecret,
    OSS_BUCKET: BUCKET,
    OSS_REGION: REGION,
    UPLOAD_HOST: uploadHost,
    CLIENT_DIR: clientDir,
    HOST: '127.0.0.1',
    PORT: '0',
    LOG_LEVEL: 'silent',
  }
}
