import type { FormField } from './form-fields.ts'
import type { SignedPostForm } from './post-form.ts'
import { checkForm, POST_LIMITS } from './post-limits.ts'
import { decodePolicy, type PostPolicy } from './post-policy.ts'

/** What a form consists of. */
interface Parts {
  fieldsJson: string
  listFields: () => FormField[]
  policy: string
  signature: string
  /** Unix milliseconds. */
  expires: number
  date?: string
  credential?: string
}

/** A signed form whose fields and policy are put in a list only when somebody wants to see them. */
export class SignedForm implements SignedPostForm {
  readonly fieldsJson: string
  readonly policy: string
  readonly signature: string
  readonly expiration: Date
  declare readonly date?: string
  declare readonly credential?: string
  readonly #listFields: () => FormField[]
  #fields: FormField[] | undefined

  /** @throws SigningError `FormTooLarge` */
  constructor(parts: Parts) {
    this.fieldsJson = parts.fieldsJson
    this.policy = parts.policy
    this.signature = parts.signature
    this.expiration = new Date(parts.expires)
    if (parts.date !== undefined) this.date = parts.date
    if (parts.credential !== undefined) this.credential = parts.credential
    this.#listFields = parts.listFields
    // No character takes more bytes than three: most forms need not be looked at closely.
    if (parts.fieldsJson.length * 3 > POST_LIMITS.formBytes) checkForm(this.fields)
  }

  get fields(): FormField[] {
    this.#fields ??= this.#listFields()
    return this.#fields
  }

  get document(): PostPolicy {
    return decodePolicy(this.policy)
  }
}
