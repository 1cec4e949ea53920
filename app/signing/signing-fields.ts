import type { Credentials } from './credentials.ts'
import { type FormField, pinFields } from './form-fields.ts'
import { credentialScope } from './signing-key.ts'
import type { UtcTime } from './utc-time.ts'

/** By whom and when a form is signed. */
export interface SigningFields {
  fields: readonly FormField[]
  /** The members of a JSON object of them, with commas between. */
  members: string
  /** What a policy says of them: conditions as JSON, with commas between. */
  conditions: string
  /** Value of x-oss-credential, also where V1 does not send it. */
  credential: string
}

interface Signer {
  version: 'v4' | 'v1'
  accessKeyId: string
  securityToken: string | undefined
  region: string
  time: Readonly<UtcTime>
}

/** The fields that were asked for last: under load the next form, of the same second, has the same. */
let last: { signer: Signer; signing: SigningFields } | undefined

/** The fields of a form that stand between its policy and its signature. */
export function signingFields(
  version: 'v4' | 'v1',
  { accessKeyId, securityToken }: Credentials,
  region: string,
  time: Readonly<UtcTime>,
): SigningFields {
  if (
    last?.signer.time === time &&
    last.signer.accessKeyId === accessKeyId &&
    last.signer.securityToken === securityToken &&
    last.signer.region === region &&
    last.signer.version === version
  ) {
    return last.signing
  }
  const credential = `${accessKeyId}/${credentialScope(time.day, region)}`
  const fields: FormField[] = []
  if (version === 'v4') {
    fields.push(['x-oss-signature-version', 'OSS4-HMAC-SHA256'])
    fields.push(['x-oss-credential', credential])
    fields.push(['x-oss-date', time.date])
  }
  if (securityToken !== undefined) fields.push(['x-oss-security-token', securityToken])
  const signing = { ...pinFields(fields), credential }
  last = { signer: { version, accessKeyId, securityToken, region, time }, signing }
  return signing
}
