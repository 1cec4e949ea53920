import { readFileSync } from 'node:fs'
import { BucketContents } from '../../../../infra/storage/bucket-contents.ts'
import { named, recordRegistrations, settled } from '../registrations.ts'
import { type LoadedProvider, loadProvider } from './load-provider.ts'

/*
 * Registers the contents of a bucket and prints, as JSON, what the engine receives and what the
 * stored functions do: those of now, and those in the state of a stack from an earlier version. A
 * program of its own, because Node has to compile these functions, not Vitest.
 */

const [origin = '', fill = ''] = process.argv.slice(2)
const state = { bucket: 'photos', region: 'ap-southeast-1' }
const systemFetch = globalThis.fetch
globalThis.fetch = (url, init) => {
  const { pathname, search } = new URL(String(url))
  return systemFetch(`${origin}${pathname}${search}`, init)
}

const recorded = await recordRegistrations()
new BucketContents('contents', state)
await settled()

const { inputs, ...registration } = named(recorded, 'contents')
const { __provider: text, ...others } = inputs
const [earlierText, textWithPath] = ['earlier-bucket-contents', 'bucket-contents-with-path'].map(
  (name) => readFileSync(new URL(`${name}.txt`, import.meta.url), 'utf8'),
)
const current = loadProvider(text)
const misplaced = loadProvider(String(text).replaceAll('infra/delete-contents', 'gone'))

const old = { ...state, __provider: earlierText }
const news = { ...state, __provider: text }
const result = {
  ...registration,
  inputs: others,
  differences: {
    upgraded: await current.diff('photos', old, news),
    upgradedFromPath: await current.diff('photos', { ...state, __provider: textWithPath }, news),
    unchanged: await current.diff('photos', news, news),
    renamed: await current.diff('photos', news, { ...news, bucket: 'pictures' }),
  },
  updated:
    JSON.stringify(await current.update?.('photos', old, news)) === JSON.stringify({ outs: news }),
  deletedByCurrent: await deleted(current),
  deletedByEarlier: await deleted(loadProvider(earlierText)),
  deletedWithPath: await deleted(loadProvider(textWithPath)),
  deletedWithoutPackage: await deleted(misplaced),
  hasPath: /delete-contents\.ts|infra\/storage/.test(String(text)),
}
console.log(JSON.stringify(result))

/** Puts an object into the bucket, deletes the resource, and returns what is said. */
async function deleted(provider: LoadedProvider): Promise<string[]> {
  const { log } = console
  const lines: string[] = []
  await systemFetch(fill, { method: 'PUT', body: Buffer.from('hello') })
  console.log = (line: string) => void lines.push(line)
  try {
    await provider.delete?.('photos', state)
  } catch (error) {
    lines.push((error as Error).message)
  } finally {
    console.log = log
  }
  return lines
}
