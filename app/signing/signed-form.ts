import type { FormField } from './form-fields.ts'
import type { SignedPostForm } from './post-form.ts'
import { decodePolicy, type PostPolicy } from './post-policy.ts'

/** A signed form whose policy is read back only when somebody wants to see it. */
export class SignedForm implements SignedPostForm {
  readonly fields: FormField[]
  readonly policy: string
  readonly signature: string
  readonly expiration: Date
  declare readonly date?: string
  declare readonly credential?: string

  /** @param expires Unix milliseconds */
  constructor(
    fields: FormField[],
    policy: string,
    signature: string,
    expires: number,
    date?: string,
    credential?: string,
  ) {
    this.fields = fields
    this.policy = policy
    this.signature = signature
    this.expiration = new Date(expires)
    if (date !== undefined) this.date = date
    if (credential !== undefined) this.credential = credential
  }

  get document(): PostPolicy {
    return decodePolicy(this.policy)
  }
}
