import type { SigningOptions } from '../../../app/server/signing-options.ts'

/** Settings of every signer. */
export const SIGNING: SigningOptions = {
  credentials: { accessKeyId: 'LTAI5tBenchmarkKey000000', accessKeySecret: 'a'.repeat(30) },
  bucket: 'bench-bucket',
  region: 'ap-southeast-1',
  uploadHost: 'https://bench-bucket.oss-ap-southeast-1.aliyuncs.com',
  dir: 'upload/',
}

/** Request for the signature of one file. */
export const SIGNATURE_PATH = '/signature?name=holiday%20photo.jpg&type=image%2Fjpeg&size=1048576'
