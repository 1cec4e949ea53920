/**
 * Requests signatures and uploads files with them until the time is up. Prints an `UploadLoopResult` as
 * JSON. Arguments: address of the page, seconds, number of concurrent uploads.
 */
import { createHash, randomBytes } from 'node:crypto'

interface Signed {
  url: string
  fields: Record<string, string>
  key: string
}

const [address = '', seconds = '10', width = '4'] = process.argv.slice(2)
const stored: Record<string, string> = {}
const failures: string[] = []
const keyIds = new Set<string>()
let done = false
setTimeout(() => {
  done = true
}, Number(seconds) * 1000).unref()

async function uploadOne(number: number): Promise<void> {
  const content = randomBytes(1000 + number)
  const query = new URLSearchParams({
    name: `file-${number}.bin`,
    type: 'application/octet-stream',
    size: String(content.length),
  })
  const answer = await fetch(`${address}/signature?${query}`)
  if (answer.status !== 200) throw new Error(`signature: ${answer.status} ${await answer.text()}`)
  const { url, fields, key } = (await answer.json()) as Signed
  keyIds.add(fields['x-oss-credential']?.split('/')[0] ?? '')
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', new Blob([content], { type: 'application/octet-stream' }))
  const put = await fetch(url, { method: 'POST', body: form })
  if (put.status !== 200) throw new Error(`upload: ${put.status} ${await put.text()}`)
  stored[key] = createHash('sha256').update(content).digest('hex')
}

let count = 0
async function work(): Promise<void> {
  while (!done) {
    const number = ++count
    await uploadOne(number).catch((error: Error) => {
      failures.push(`${number}: ${error.message} ${String(error.cause ?? '')}`)
    })
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}

await Promise.all(Array.from({ length: Number(width) }, work))
console.log(JSON.stringify({ stored, failures, keyIds: [...keyIds] }))
