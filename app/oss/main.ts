#!/usr/bin/env node
import { isIPv6 } from 'node:net'
import { resolve } from 'node:path'
import { closeOnSignal } from '@oss-direct-upload/process/close-on-signal'
import { LineBuffer } from '@oss-direct-upload/process/line-buffer'
import { runMain, UsageError } from '@oss-direct-upload/process/usage-error'
import { OSS_HELP, readOssArguments } from './cli/arguments.ts'
import { printableKey } from './cli/printable-key.ts'
import { startErrorText } from './cli/start-error.ts'
import { startEmbeddedOss } from './index.ts'

async function main(): Promise<void> {
  const parsed = readOssArguments(process.argv.slice(2), process.env)
  if (parsed === undefined) {
    console.log(OSS_HELP)
    return
  }
  const { host, dir, buckets, generatedKey, ...options } = parsed
  const methods = ['GET', 'PUT', 'DELETE', 'POST', 'HEAD']
  const exposeHeaders = ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma']
  // Preflights are cached as long as with the stack's bucket.
  const maxAgeSeconds = 600
  const rule = { allowedOrigins: ['*'], allowedMethods: methods, allowedHeaders: ['*'] }
  const corsRules = [{ ...rule, exposeHeaders, maxAgeSeconds }]
  // One write for each small file would take as long as hashing it.
  const lines = new LineBuffer(() => process.stdout)
  const oss = await startEmbeddedOss({
    ...options,
    dir,
    host,
    buckets: buckets.map((name) => ({ name, corsRules })),
    ...(buckets[0] === undefined ? {} : { bucketOfAddress: buckets[0] }),
    onObject: ({ bucket, key, size }) =>
      lines.write(`Stored ${bucket}/${printableKey(key)} (${size} bytes)\n`),
  }).catch((error: unknown) => {
    const text = startErrorText(error, resolve(dir), '--port')
    throw text === undefined ? error : new UsageError(text)
  })
  closeOnSignal(() => oss.close())
  console.log(`Buckets are in ${resolve(dir)}`)
  if (generatedKey) {
    console.log(`OSS_ACCESS_KEY_ID=${generatedKey.accessKeyId}`)
    console.log(`OSS_ACCESS_KEY_SECRET=${generatedKey.accessKeySecret}`)
  }
  for (const name of buckets) console.log(`${name}: ${oss.origin(name)}`)
  // Last, because readers of this line may send requests or a signal immediately.
  console.log(`OssEndpoint: http://${isIPv6(host) ? `[${host}]` : host}:${oss.port}`)
}

await runMain(main)
