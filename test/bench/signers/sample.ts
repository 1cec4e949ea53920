import type { SigningOptions } from '../../../app/server/signing-options.ts'

/** What every signer signs with, and the one file that it is asked to sign for. */
export const SIGNING: SigningOptions = {
  credentials: { accessKeyId: 'LTAI5tBenchmarkKey000000', accessKeySecret: 'a'.repeat(30) },
  bucket: 'bench-bucket',
  region: 'ap-southeast-1',
  uploadHost: 'https://bench-bucket.oss-ap-southeast-1.aliyuncs.com',
  dir: 'upload/',
}

/** Path of an exact signature. */
export const SIGNATURE_PATH = '/signature?name=holiday%20photo.jpg&type=image%2Fjpeg&size=1048576'
