import { errorHandler, signingRouter } from '@oss-direct-upload/server'
import express from 'express'

const { OSS_ACCESS_KEY_ID = '', OSS_ACCESS_KEY_SECRET = '', OSS_UPLOAD_HOST } = process.env

const app = express()
app.use(
  '/upload',
  signingRouter({
    credentials: { accessKeyId: OSS_ACCESS_KEY_ID, accessKeySecret: OSS_ACCESS_KEY_SECRET },
    bucket: 'photos',
    region: 'ap-southeast-1',
    uploadHost: OSS_UPLOAD_HOST ?? 'https://photos.oss-ap-southeast-1.aliyuncs.com',
    allowedTypes: ['.jpg', '.png', 'image/*'],
    multipart: {},
  }),
)
app.use(express.static(process.env.PAGE ?? 'dist'))
app.use(errorHandler(console.error))
app.listen(Number(process.env.PORT ?? 3000))
