import { createHash } from 'node:crypto'
import type { LiveStack, Probe } from '../probe.ts'
import {
  bucketUrl,
  callBucket,
  callBucketV1,
  formFields,
  freshKey,
  outcome,
  postForm,
  probeBucket,
} from './requests.ts'

/** Returns CORS headers of a response, by name. */
function corsHeaders(response: Response): string {
  return [...response.headers.keys()]
    .filter((name) => name.startsWith('access-control-'))
    .map((name) => name.slice('access-control-'.length))
    .sort()
    .join(' ')
}

/** Returns the origin that the stack's rule allows. */
async function allowedOrigin(stack: LiveStack): Promise<string> {
  const rules = await (await callBucket(stack, { method: 'GET', query: { cors: '' } })).text()
  return /<AllowedOrigin>(.*?)</.exec(rules)?.[1] ?? ''
}

async function preflight(stack: LiveStack, headers: Record<string, string> = {}) {
  const origin = await allowedOrigin(stack)
  const request = { origin, 'access-control-request-method': 'POST', ...headers }
  const response = await fetch(`${bucketUrl(stack)}/`, { method: 'OPTIONS', headers: request })
  return { origin, response }
}

/** Runs a test with an object that the deployer has put. */
async function withObject(
  stack: LiveStack,
  test: (key: string) => Promise<Response>,
): Promise<string> {
  const key = freshKey(stack)
  await callBucket(stack, { method: 'PUT', key, body: 'probe' })
  return outcome(await test(key))
}

/** Runs a test with a bucket that has nothing set. */
async function withNewBucket(
  stack: LiveStack,
  test: (bucket: string) => Promise<string>,
): Promise<string> {
  const bucket = probeBucket(stack.bucket)
  const created = await outcome(await callBucket(stack, { method: 'PUT', bucket }))
  if (created !== '200') throw new Error(`The bucket ${bucket} cannot be created: ${created}`)
  try {
    return await test(bucket)
  } finally {
    await callBucket(stack, { method: 'DELETE', bucket })
  }
}

/** Questions about buckets and objects, CORS, URLs and errors. */
export const bucketProbes: readonly Probe[] = [
  {
    question: 'Access-Control-Allow-Origin',
    expected: "the request's origin",
    async ask(stack) {
      const { origin, response } = await preflight(stack)
      const allowed = response.headers.get('access-control-allow-origin') ?? 'none'
      return allowed === origin ? "the request's origin" : allowed
    },
  },
  {
    question: 'Access-Control-Allow-Headers',
    expected: 'x-custom',
    async ask(stack) {
      const { response } = await preflight(stack, { 'access-control-request-headers': 'X-Custom' })
      return response.headers.get('access-control-allow-headers') ?? 'none'
    },
  },
  {
    question: 'CORS headers of an error',
    expected: 'the same as for a success',
    async ask(stack) {
      const headers = { origin: await allowedOrigin(stack) }
      const key = freshKey(stack)
      await callBucket(stack, { method: 'PUT', key, body: 'probe' })
      const success = corsHeaders(await callBucket(stack, { method: 'HEAD', key, headers }))
      const error = corsHeaders(
        await callBucket(stack, { method: 'HEAD', key: `${key}-missing`, headers }),
      )
      return error === success ? 'the same as for a success' : `${error}, not ${success}`
    },
  },
  {
    question: 'preflight for a missing bucket',
    expected: '404 NoSuchBucket',
    async ask(stack) {
      const bucket = `${stack.bucket}-missing`
      const headers = {
        origin: 'https://example.com',
        'access-control-request-method': 'POST',
      }
      const url = bucketUrl({ ...stack, bucket })
      return outcome(await fetch(`${url}/`, { method: 'OPTIONS', headers }))
    },
  },
  {
    question: 'creating an own bucket again',
    expected: '200',
    ask: async (stack) => outcome(await callBucket(stack, { method: 'PUT' })),
  },
  {
    question: 'PUT ?acl for a missing bucket',
    expected: '404 NoSuchBucket',
    async ask(stack) {
      const bucket = `${stack.bucket}-missing`.slice(0, 63)
      const headers = { 'x-oss-acl': 'private' }
      const call = { method: 'PUT', bucket, query: { acl: '' }, headers } as const
      const answer = await outcome(await callBucket(stack, call))
      // It is created, if an older page of the documentation is right.
      if (answer === '200') await callBucket(stack, { method: 'DELETE', bucket })
      return answer
    },
  },
  {
    question: 'GET ?encryption with nothing set',
    expected: '404 NoSuchServerSideEncryptionRule',
    ask: (stack) =>
      withNewBucket(stack, async (bucket) =>
        outcome(await callBucket(stack, { method: 'GET', bucket, query: { encryption: '' } })),
      ),
  },
  {
    question: 'public access of a new bucket',
    expected: 'true',
    ask: (stack) =>
      withNewBucket(stack, async (bucket) => {
        const call = { method: 'GET', bucket, query: { publicAccessBlock: '' } } as const
        const text = await (await callBucket(stack, call)).text()
        return /<BlockPublicAccess>(.*?)</.exec(text)?.[1] ?? text
      }),
  },
  {
    question: 'a signature without any date',
    expected: '403 AccessDenied',
    ask: async (stack) => outcome(await callBucketV1(stack, '/', '')),
  },
  {
    question: 'status of an expired V4 URL',
    expected: '403 AccessDenied',
    async ask(stack) {
      const now = new Date(Date.now() - 10 * 60_000)
      return outcome(await callBucket(stack, { method: 'GET', now }))
    },
  },
  {
    question: 'DeleteMultipleObjects with forbidden objects',
    expected: '403 AccessDenied',
    async ask(stack) {
      const body = `<Delete><Object><Key>${freshKey(stack)}</Key></Object></Delete>`
      const headers = { 'content-md5': createHash('md5').update(body).digest('base64') }
      const credentials = stack.uploader
      const call = { method: 'POST', query: { delete: '' }, body, headers, credentials } as const
      return outcome(await callBucket(stack, call))
    },
  },
  {
    question: 'x-oss-forbid-overwrite of an initiated upload',
    expected: '200',
    ask: (stack) =>
      withObject(stack, async (key) => {
        const headers = { 'x-oss-forbid-overwrite': 'true' }
        const query = { uploads: '' }
        const response = await callBucket(stack, { method: 'POST', key, query, headers })
        const text = await response.clone().text()
        const uploadId = /<UploadId>(.*?)</.exec(text)?.[1]
        if (uploadId) await callBucket(stack, { method: 'DELETE', key, query: { uploadId } })
        return response
      }),
  },
  {
    question: 'status of an unchanged copy source',
    expected: '304',
    ask: (stack) =>
      withObject(stack, async (key) => {
        const headers = {
          'x-oss-copy-source': `/${stack.bucket}/${encodeURIComponent(key)}`,
          'x-oss-copy-source-if-modified-since': new Date(Date.now() + 3_600_000).toUTCString(),
        }
        return callBucket(stack, { method: 'PUT', key: `${key}-copy`, headers })
      }),
  },
  {
    question: 'tags with characters that OSS does not allow',
    expected: '400 InvalidTag',
    ask: (stack) =>
      withObject(stack, (key) => {
        const tag = '<Tag><Key>a;b</Key><Value>c</Value></Tag>'
        const body = `<Tagging><TagSet>${tag}</TagSet></Tagging>`
        return callBucket(stack, { method: 'PUT', key, query: { tagging: '' }, body })
      }),
  },
  {
    question: 'unknown query parameters',
    expected: '501 NotImplemented, 200',
    async ask(stack) {
      const bare = await callBucket(stack, { method: 'GET', query: { probe: '' } })
      const valued = await callBucket(stack, { method: 'GET', query: { probe: '1' } })
      return `${await outcome(bare)}, ${await outcome(valued)}`
    },
  },
  {
    question: 'SignatureDoesNotMatch under V4',
    expected: 'CanonicalRequest',
    async ask(stack) {
      const credentials = { ...stack.deployer, accessKeySecret: 'of-somebody-else' }
      const text = await (await callBucket(stack, { method: 'GET', credentials })).text()
      return text.includes('<CanonicalRequest>') ? 'CanonicalRequest' : 'no CanonicalRequest'
    },
  },
  {
    question: '`+` in x-oss-copy-source',
    expected: '200',
    async ask(stack) {
      const key = freshKey(stack).replace('.txt', ' copy.txt')
      await postForm(stack, { fields: formFields(stack, { key }) })
      const source = `/${stack.bucket}/${key.replaceAll(' ', '+')}`
      const headers = { 'x-oss-copy-source': source }
      return outcome(await callBucket(stack, { method: 'PUT', key: freshKey(stack), headers }))
    },
  },
]
