import { MAX_FILES_PER_REQUEST } from '../../../app/contract/index.ts'
import type { SignerProcess } from './signer-process.ts'

const CONCURRENCY = 5

/** Files of one request: as many as it may have. */
export const FILES_PER_REQUEST = MAX_FILES_PER_REQUEST

/**
 * Requests signatures by `POST /signatures`, several requests at once.
 *
 * @throws Error when a status is not 200
 */
export async function postSignatures({ port }: SignerProcess, requests: number): Promise<void> {
  const files = Array.from({ length: FILES_PER_REQUEST }, (_, n) => ({
    name: `holiday photo ${n}.jpg`,
    type: 'image/jpeg',
    size: 1_048_576,
  }))
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ files }),
  }
  let left = requests
  const post = async (): Promise<void> => {
    for (; left > 0; left -= 1) {
      const response = await fetch(`http://127.0.0.1:${port}/signatures`, init)
      await response.arrayBuffer()
      if (response.status !== 200) throw new Error(`POST /signatures: ${response.status}`)
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, post))
}
