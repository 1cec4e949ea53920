import { tmpdir } from 'node:os'
import { app } from '@uppy/companion'
import { listen, type Signer } from './signer.ts'

/** Uppy Companion's `GET /s3/params`: an S3 POST form signed by the AWS SDK. */
export const signer: Signer = {
  path: '/s3/params?filename=holiday%20photo.jpg&type=image%2Fjpeg',
  serve() {
    const companion = app({
      secret: 'secret of the sessions',
      filePath: tmpdir(),
      server: { host: '127.0.0.1', protocol: 'http' },
      corsOrigins: true,
      uploadUrls: ['https://bench-bucket.s3.ap-southeast-1.amazonaws.com'],
      s3: {
        key: 'AKIABENCHMARKKEY0000',
        secret: 'a'.repeat(40),
        bucket: 'bench-bucket',
        region: 'ap-southeast-1',
        conditions: [['content-length-range', 1048576, 1048576]],
      },
    })
    return listen(companion.app)
  },
}
