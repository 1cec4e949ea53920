import { createHmac, createSecretKey } from 'node:crypto'
import { deriveSigningKey, signPolicyV4, signPostForm } from '../../../app/signing/index.ts'
import type { Benchmark, Result } from '../benchmark.ts'
import { SIGNING } from '../signers/sample.ts'
import { interleave, median, ratioOf } from '../statistics.ts'

type Work = () => void

/** Measures signing without a server: the whole form, and the signature of a policy. */
export const signingAlone: Benchmark = {
  name: 'signing',
  async run({ quick }) {
    const { credentials, region, bucket } = SIGNING
    if (typeof credentials === 'function') throw new Error('Signing needs a long-term key')
    const sign = () =>
      signPostForm({
        credentials,
        region,
        bucket,
        now: new Date(),
        expiresInSeconds: 600,
        target: { key: 'upload/0123456789abcdef/a.jpg', size: 1024, contentType: 'image/jpeg' },
      })
    const { policy, date = '' } = sign()
    const day = date.slice(0, 8)
    const key = deriveSigningKey(credentials.accessKeySecret, day, region)
    const keyObject = createSecretKey(key)
    const form: Work = () => void sign()
    const policyOnly: Work = () =>
      void signPolicyV4(policy, credentials.accessKeySecret, day, region)
    const hmac: Work = () => void createHmac('sha256', key).update(policy).digest('hex')
    const hmacOfObject: Work = () =>
      void createHmac('sha256', keyObject).update(policy).digest('hex')
    const figures = await interleave(
      [form, policyOnly, hmac, hmacOfObject],
      quick ? 7 : 21,
      async (work) => microseconds(work, quick ? 5000 : 20_000),
    )
    const line = (name: string, what: string, ours: Work, against: string, rival: Work): Result => {
      const [mine, theirs] = [figures.get(ours) ?? [], figures.get(rival) ?? []]
      return {
        name: `signing/${name}`,
        what,
        against,
        ours: `${median(mine).toFixed(1)} us`,
        theirs: `${median(theirs).toFixed(1)} us`,
        ratio: ratioOf(mine, theirs),
        // A whole form is more than its hash, and cheap beside the request that it answers.
        ...(ours === policyOnly ? { goal: { atMost: 2 } } : {}),
      }
    }
    const bare = 'bare HMAC-SHA256 of the policy'
    return [
      line('form', 'the whole form signed', form, `${bare}, key as bytes`, hmac),
      line('form-key-object', 'the whole form signed', form, `${bare}, key object`, hmacOfObject),
      line('policy', 'a policy signed', policyOnly, `${bare}, key object`, hmacOfObject),
    ]
  },
}

function microseconds(work: Work, times: number): number {
  const began = performance.now()
  for (let n = 0; n < times; n += 1) work()
  return ((performance.now() - began) * 1000) / times
}
