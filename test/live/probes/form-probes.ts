import { createHash } from 'node:crypto'
import type { LiveStack, Probe } from '../probe.ts'
import {
  bucketUrl,
  CONTENT,
  callBucket,
  customForm,
  errorEc,
  FILE_PART,
  formFields,
  freshKey,
  outcome,
  part,
  postForm,
} from './requests.ts'

const REDIRECT = 'https://example.com/done?a=1'

/** Returns the fields without one of them. */
function without(fields: readonly (readonly [string, string])[], name: string): [string, string][] {
  return fields.filter(([each]) => each !== name).map(([each, value]) => [each, value])
}

/** Posts a form for an own key, and returns a header of its object. */
async function headerOfObject(
  stack: LiveStack,
  header: string,
  fields: Record<string, string> = {},
): Promise<string> {
  const key = freshKey(stack)
  const posted = await postForm(stack, { fields: formFields(stack, { key, fields }) })
  if (posted.status !== 200) return outcome(posted)
  const head = await callBucket(stack, { method: 'HEAD', key })
  return head.headers.get(header) ?? 'none'
}

/** Questions about PostObject. */
export const formProbes: readonly Probe[] = [
  {
    question: 'case of form field names',
    expected: '200',
    async ask(stack) {
      const fields = formFields(stack).map(([name, value]): [string, string] => [
        name.toUpperCase(),
        value,
      ])
      return outcome(await postForm(stack, { fields }))
    },
  },
  {
    question: 'a form field twice',
    expected: '400 MalformedPOSTRequest',
    async ask(stack) {
      const fields = formFields(stack)
      return outcome(
        await postForm(stack, { fields: [...fields, ['success_action_status', '200']] }),
      )
    },
  },
  {
    question: 'a field after `file`',
    expected: '400 MalformedPOSTRequest',
    async ask(stack) {
      const parts = [FILE_PART, part('x-oss-meta-late', 'late')]
      return outcome(await postForm(stack, { fields: formFields(stack), parts }))
    },
  },
  {
    question: "length of a form field's value",
    expected: '204',
    async ask(stack) {
      const fields = customForm(stack, { fields: [['long', 'x'.repeat(5000)]] })
      return outcome(await postForm(stack, { fields }))
    },
  },
  {
    question: 'bytes before the first boundary or after the last',
    expected: '400 MalformedPOSTRequest, 400 MalformedPOSTRequest',
    async ask(stack) {
      const before = await postForm(stack, { fields: formFields(stack), preamble: 'before\r\n' })
      const after = await postForm(stack, { fields: formFields(stack), epilogue: 'after' })
      return `${await outcome(before)}, ${await outcome(after)}`
    },
  },
  {
    question: 'a field or name that is not UTF-8',
    expected: '400 MalformedPOSTRequest',
    async ask(stack) {
      const head = Buffer.from('Content-Disposition: form-data; name="other"\r\n\r\n')
      const parts = [Buffer.concat([head, Buffer.from([0xff, 0xfe])]), FILE_PART]
      return outcome(await postForm(stack, { fields: formFields(stack), parts }))
    },
  },
  {
    question: 'a part named `file` with `filename*` alone',
    expected: '400 InvalidArgument',
    async ask(stack) {
      const head = `Content-Disposition: form-data; name="file"; filename*=UTF-8''a.txt`
      const parts = [`${head}\r\n\r\n${CONTENT}`]
      return outcome(await postForm(stack, { fields: formFields(stack), parts }))
    },
  },
  {
    question: 'x-oss-* fields that V4 wants in the policy',
    expected: '403 AccessDenied',
    async ask(stack) {
      const fields = customForm(stack, { unpinned: ['x-oss-date'] })
      return outcome(await postForm(stack, { fields }))
    },
  },
  {
    question: 'what is checked first, signature or policy',
    expected: '403 SignatureDoesNotMatch',
    async ask(stack) {
      const fields = customForm(stack, { unpinned: ['x-oss-date'], signature: '0'.repeat(64) })
      return outcome(await postForm(stack, { fields }))
    },
  },
  {
    question: "ETag of a form's object",
    expected: `"${createHash('md5').update(CONTENT).digest('hex').toUpperCase()}"`,
    ask: (stack) => headerOfObject(stack, 'etag'),
  },
  {
    question: 'success_action_redirect',
    expected: `303 ${REDIRECT}`,
    async ask(stack) {
      const fields = formFields(stack, { fields: { success_action_redirect: REDIRECT } })
      const response = await postForm(stack, { fields })
      return `${response.status} ${response.headers.get('location') ?? ''}`
    },
  },
  {
    question: 'an empty success_action_redirect, which our forms send',
    expected: '200',
    async ask(stack) {
      const fields = formFields(stack, { fields: { success_action_redirect: '' } })
      return outcome(await postForm(stack, { fields }))
    },
  },
  {
    question: 'order in PostResponse',
    expected: 'Bucket, ETag, Key, Location',
    async ask(stack) {
      const fields = formFields(stack, { successActionStatus: 201 })
      const text = await (await postForm(stack, { fields })).text()
      return [...text.matchAll(/<(\w+)>[^<]+<\//g)].map(([, name]) => name).join(', ')
    },
  },
  {
    question: 'x-oss-object-acl, which our forms send, and permission',
    expected: '200',
    async ask(stack) {
      const fields = formFields(stack, { fields: { 'x-oss-object-acl': 'default' } })
      return outcome(await postForm(stack, { fields }))
    },
  },
  {
    question: 'EC of RequestIsNotMultiPartContent',
    expected: '0006-00000101',
    async ask(stack) {
      const form = { fields: formFields(stack), contentType: 'text/plain' }
      return errorEc(await postForm(stack, form))
    },
  },
  {
    question: 'EC of an expiration that is not ISO 8601',
    expected: '0006-00000212',
    async ask(stack) {
      return errorEc(await postForm(stack, { fields: customForm(stack, { expiration: 'soon' }) }))
    },
  },
  {
    question: 'storage classes of an upload',
    expected: '200',
    async ask(stack) {
      const fields = { 'x-oss-storage-class': 'DeepColdArchive' }
      return outcome(await postForm(stack, { fields: formFields(stack, { fields }) }))
    },
  },
  {
    question: 'user metadata over 8 KB',
    expected: '400 InvalidArgument',
    async ask(stack) {
      const fields = { 'x-oss-meta-a': 'x'.repeat(8193) }
      return outcome(await postForm(stack, { fields: formFields(stack, { fields }) }))
    },
  },
  {
    question: 'a form to a bucket in the path',
    expected: '403 SecondLevelDomainForbidden',
    async ask(stack) {
      const url = bucketUrl(stack).replace(`${stack.bucket}.`, '')
      const form = { fields: formFields(stack), url: `${url}/${stack.bucket}` }
      return outcome(await postForm(stack, form))
    },
  },
  {
    question: 'a part whose Content-Type precedes Content-Disposition',
    expected: '400 MalformedPOSTRequest',
    async ask(stack) {
      const head = 'Content-Disposition: form-data; name="file"; filename="a.txt"'
      const parts = [`Content-Type: text/plain\r\n${head}\r\n\r\n${CONTENT}`]
      return outcome(await postForm(stack, { fields: formFields(stack), parts }))
    },
  },
  {
    question: 'other headers of a part',
    expected: '400 InvalidArgument',
    async ask(stack) {
      const fields = formFields(stack)
      const parts = [part('file"; filename="a.txt', CONTENT, 'X-Other: 1')]
      return outcome(await postForm(stack, { fields: without(fields, ''), parts }))
    },
  },
  {
    question: 'EC of errors for which no source names one',
    expected: '0000-00000000',
    async ask(stack) {
      const key = freshKey(stack)
      await postForm(stack, { fields: formFields(stack, { key }) })
      return errorEc(await postForm(stack, { fields: formFields(stack, { key }) }))
    },
  },
]
