import { once } from 'node:events'
import { type Agent, type ClientRequest, request } from 'node:http'

const BOUNDARY = '----oss-direct-upload-bench'
const CHUNK = Buffer.alloc(1024 * 1024, 'Bytes of a file. ')

/**
 * Posts a form whose last field is a file.
 *
 * @param size Of the file, in bytes
 * @returns Seconds from the first byte to the end of the response
 * @throws Error when the status is not 2xx
 */
export async function postForm(
  url: string,
  fields: readonly (readonly [string, string])[],
  size: number,
  agent: Agent,
): Promise<number> {
  const parts = fields.map(
    ([name, value]) =>
      `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
  )
  const file =
    'Content-Disposition: form-data; name="file"; filename="file.bin"\r\n' +
    'Content-Type: application/octet-stream\r\n\r\n'
  const head = Buffer.from(`${parts.join('')}--${BOUNDARY}\r\n${file}`)
  const tail = Buffer.from(`\r\n--${BOUNDARY}--\r\n`)
  const began = performance.now()
  const outgoing = request(url, {
    method: 'POST',
    agent,
    headers: {
      'Content-Type': `multipart/form-data; boundary=${BOUNDARY}`,
      'Content-Length': head.length + size + tail.length,
    },
  })
  const answered = once(outgoing, 'response')
  // A rejection may arrive before everything is sent.
  answered.catch(() => {})
  if (size <= CHUNK.length) writeSmall(outgoing, head, size, tail)
  else await writeLarge(outgoing, head, size, tail)
  const [response] = await answered
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk)
  if (response.statusCode < 200 || response.statusCode > 299) {
    const text = Buffer.concat(chunks).toString().slice(0, 300)
    throw new Error(`${url}: ${response.statusCode} ${text}`)
  }
  return (performance.now() - began) / 1000
}

// In one write, without copying the bytes for thousands of concurrent uploads.
function writeSmall(outgoing: ClientRequest, head: Buffer, size: number, tail: Buffer): void {
  outgoing.cork()
  outgoing.write(head)
  outgoing.write(CHUNK.subarray(0, size))
  outgoing.end(tail)
}

async function writeLarge(
  outgoing: ClientRequest,
  head: Buffer,
  size: number,
  tail: Buffer,
): Promise<void> {
  outgoing.write(head)
  for (let left = size; left > 0; left -= CHUNK.length) {
    const chunk = left < CHUNK.length ? CHUNK.subarray(0, left) : CHUNK
    if (!outgoing.write(chunk)) await once(outgoing, 'drain')
  }
  outgoing.end(tail)
}
