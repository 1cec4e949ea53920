import { signingHandler } from '@oss-direct-upload/server/fetch'

const { OSS_ACCESS_KEY_ID = '', OSS_ACCESS_KEY_SECRET = '', OSS_UPLOAD_HOST } = process.env

/** Signs uploads for every server that works with Request and Response. */
export const sign = signingHandler({
  credentials: { accessKeyId: OSS_ACCESS_KEY_ID, accessKeySecret: OSS_ACCESS_KEY_SECRET },
  bucket: 'photos',
  region: 'ap-southeast-1',
  uploadHost: OSS_UPLOAD_HOST ?? 'https://photos.oss-ap-southeast-1.aliyuncs.com',
  allowedTypes: ['.jpg', '.png', 'image/*'],
})
