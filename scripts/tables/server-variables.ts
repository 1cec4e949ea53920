import { variables } from '../../app/server/config.ts'

/** A variable of the environment that the signing server reads. */
export interface ServerVariable {
  name: string
  /** Sentences in English, one line of Markdown. */
  description: string
  /** Value in Markdown: `required`, a code span, or empty when the description says what holds. */
  default: string
}

const MIB = 1024 ** 2
const GIB = 1024 ** 3

/** Returns every variable, in the order of the schema. @throws Error when one has no description */
export function serverVariables(): ServerVariable[] {
  return Object.entries(variables.shape).map(([name, schema]) => {
    const { description } = schema
    if (description === undefined) throw new Error(`${name} has no description`)
    const parsed = schema.safeParse(undefined)
    return { name, description, default: parsed.success ? asMarkdown(parsed.data) : 'required' }
  })
}

function asMarkdown(value: unknown): string {
  if (value === undefined || (Array.isArray(value) && value.length === 0)) return ''
  if (typeof value !== 'number' || value < MIB) return `\`${String(value)}\``
  const [count, unit] = value % GIB === 0 ? [value / GIB, 'GiB'] : [value / MIB, 'MiB']
  return `\`${value}\` (${count} ${unit})`
}
