/**
 * Runs the operations of ali-oss in every cell, with the cells in OSS_CELLS. Prints one line of JSON for
 * each operation: `{"cell": N, "operation": NAME, "error": TEXT or null}`.
 */
import { deepStrictEqual as equal } from 'node:assert'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import OSS from 'ali-oss'
import type { Cell } from '../cells.ts'

const KEY = '目录/a b+c&d=e%2F.txt'
const CONTENT = Buffer.from('0123456789'.repeat(30_000))
const { OSS_REGION = '', OSS_BUCKET = '' } = process.env
const { OSS_ACCESS_KEY_ID = '', OSS_ACCESS_KEY_SECRET = '', OSS_CELLS = '[]' } = process.env

for (const [number, cell] of (JSON.parse(OSS_CELLS) as Cell[]).entries()) {
  const client = new OSS({
    accessKeyId: OSS_ACCESS_KEY_ID,
    accessKeySecret: OSS_ACCESS_KEY_SECRET,
    region: `oss-${OSS_REGION}`,
    endpoint: cell.endpoint,
    bucket: OSS_BUCKET,
    authorizationV4: cell.version === 'V4',
    cname: cell.style === 'cname',
    sldEnable: cell.style === 'path',
  })
  for (const [operation, run] of operations(client, cell)) {
    let error: string | null = null
    try {
      await run()
    } catch (thrown) {
      error = String(thrown).slice(0, 300)
    }
    console.log(JSON.stringify({ cell: number, operation, error }))
  }
}

function operations(client: OSS, cell: Cell): [string, () => Promise<unknown>][] {
  const content = async (name: string): Promise<string> =>
    (await client.get(name)).content.toString()
  return [
    ['PutObject', async () => equal((await client.put(KEY, CONTENT)).res.status, 200)],
    ['GetObject', async () => sameBytes((await client.get(KEY)).content)],
    [
      'HeadObject',
      async () => equal((await client.head(KEY)).res.headers['content-length'], '300000'),
    ],
    [
      'GetObjectMeta',
      async () => equal((await client.getObjectMeta(KEY)).res.headers['content-length'], '300000'),
    ],
    [
      'CopyObject',
      async () => {
        await client.copy('copy +1', KEY)
        sameBytes((await client.get('copy +1')).content)
      },
    ],
    [
      'ListObjectsV2',
      async () =>
        equal(
          (await client.listV2({ prefix: '目录/' })).objects?.map(({ name }) => name),
          [KEY],
        ),
    ],
    [
      'ListObjects',
      async () =>
        equal(
          (await client.list({ prefix: '目录/' })).objects?.map(({ name }) => name),
          [KEY],
        ),
    ],
    ['multipart upload', () => multipart(client)],
    [
      'AppendObject',
      async () => {
        const { nextAppendPosition } = await client.append('log', Buffer.from('one'))
        await client.append('log', Buffer.from('two'), { position: nextAppendPosition })
        equal(await content('log'), 'onetwo')
      },
    ],
    [
      'object tagging',
      async () => {
        await client.putObjectTagging(KEY, { name: 'value' })
        equal((await client.getObjectTagging(KEY)).tag, { name: 'value' })
        await client.deleteObjectTagging(KEY)
      },
    ],
    [
      'symlink',
      async () => {
        await client.putSymlink('link', 'log', {})
        equal((await client.getSymlink('link')).targetName, 'log')
        equal(await content('link'), 'onetwo')
      },
    ],
    [
      'GetBucketStat',
      async () =>
        equal(Number((await client.getBucketStat(OSS_BUCKET)).stat.ObjectCount) >= 4, true),
    ],
    [
      'GetBucketInfo',
      async () => equal((await client.getBucketInfo(OSS_BUCKET)).bucket.Name, OSS_BUCKET),
    ],
    [
      'object ACL',
      async () => {
        await client.putACL(KEY, 'private')
        equal((await client.getACL(KEY)).acl, 'private')
      },
    ],
    [
      'presigned URL',
      async () => {
        // For an IP address, the client presigns with V4 only.
        if (cell.version === 'V1' && cell.endpoint.startsWith('http://127.')) return
        const url =
          cell.version === 'V4'
            ? await client.signatureUrlV4('GET', 60, undefined, KEY)
            : client.signatureUrl(KEY, { expires: 60 })
        sameBytes(Buffer.from(await (await fetch(url)).arrayBuffer()))
      },
    ],
    [
      'error',
      async () => {
        const { code, ecCode } = await client.get('missing').catch((error) => error)
        equal([code, ecCode], ['NoSuchKey', '0026-00000001'])
      },
    ],
    [
      'DeleteMultipleObjects',
      async () =>
        equal((await client.deleteMulti(['copy +1', 'parts', 'log', 'link'])).deleted?.length, 4),
    ],
    ['DeleteObject', async () => equal((await client.delete(KEY)).res.status, 204)],
    ...(cell.style === 'cname' ? [] : serviceOperations(client)),
  ]
}

function sameBytes(bytes: Buffer): void {
  if (!bytes.equals(CONTENT)) throw new Error(`Other bytes: ${bytes.toString('utf8', 0, 100)}`)
}

async function multipart(client: OSS): Promise<void> {
  const { uploadId } = await client.initMultipartUpload('parts')
  const folder = await mkdtemp(join(tmpdir(), 'part-'))
  const path = join(folder, 'part')
  await writeFile(path, CONTENT)
  const one = await client.uploadPart('parts', uploadId, 1, path, 0, CONTENT.length)
  await rm(folder, { recursive: true })
  const source = { sourceKey: KEY, sourceBucketName: OSS_BUCKET }
  const two = await client.uploadPartCopy('parts', uploadId, 2, '0-99', source)
  equal((await client.listParts('parts', uploadId)).parts.length, 2)
  const etags = [one.res.headers.etag ?? '', two.etag]
  const parts = etags.map((etag, i) => ({ number: i + 1, etag }))
  await client.completeMultipartUpload('parts', uploadId, parts)
  equal((await client.get('parts')).content.length, CONTENT.length + 100)
  const other = await client.initMultipartUpload('parts')
  equal((await client.listUploads({})).uploads.length, 1)
  await client.abortMultipartUpload('parts', other.uploadId)
}

function serviceOperations(client: OSS): [string, () => Promise<unknown>][] {
  return [
    [
      'ListBuckets',
      async () => equal((await client.listBuckets({ prefix: OSS_BUCKET })).buckets?.length, 1),
    ],
    [
      'PutBucket, DeleteBucket',
      async () => {
        await client.putBucket(`${OSS_BUCKET}-own`)
        await client.deleteBucket(`${OSS_BUCKET}-own`)
      },
    ],
  ]
}
