import { settings } from '../../infra/config/settings.ts'

/** A setting of the stack, as Pulumi.yaml declares it. */
export interface StackSetting {
  key: string
  /** A type of Pulumi's configuration schema. */
  type: 'string' | 'integer' | 'boolean' | 'array' | 'object'
  /** Sentences in English, one line of Markdown. */
  description: string
  default: unknown
  /** Whether a change of the setting makes a new server. */
  replacesServer: boolean
}

const EMPTY = { string: '', array: [], object: {} }

/** Returns every setting of the stack, in the order of the schema. @throws Error when one has no description */
export function stackSettings(): StackSetting[] {
  return Object.entries(settings.shape).map(([key, schema]) => {
    const { description, type: declared, replacesServer } = schema.meta() ?? {}
    if (description === undefined) throw new Error(`${key} has no description`)
    const value: unknown = schema.parse(undefined)
    const type = (declared as StackSetting['type'] | undefined) ?? typeOf(value)
    return {
      key,
      type,
      description,
      default: value ?? EMPTY[type as keyof typeof EMPTY],
      replacesServer: replacesServer === true,
    }
  })
}

function typeOf(value: unknown): StackSetting['type'] {
  if (typeof value === 'boolean') return 'boolean'
  if (typeof value === 'number') return 'integer'
  if (Array.isArray(value)) return 'array'
  return typeof value === 'object' ? 'object' : 'string'
}
