/** The official SDK with temporary keys: six files at once, in parts from 100 MB as it recommends. */
import { offerSixWorkers } from './six-workers.ts'

const MULTIPART_BYTES = 100 * 1024 ** 2
const { options } = await (await fetch('upload.json')).json()
const client = new window.OSS(options)

offerSixWorkers((file) =>
  file.size < MULTIPART_BYTES
    ? client.put(`ali-oss/${file.name}`, file)
    : client.multipartUpload(`ali-oss/${file.name}`, file),
)
