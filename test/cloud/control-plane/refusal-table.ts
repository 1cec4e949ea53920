import { ActionError } from './action.ts'

/** Messages by code, by HTTP status. */
type Table = Readonly<Record<number, Readonly<Record<string, string>>>>

type CodeOf<T extends Table> = { [Status in keyof T]: keyof T[Status] }[keyof T] & string

/**
 * Returns a function that makes the refusal of a code, to be thrown. Its second argument replaces
 * the message, for codes under which a service has several.
 */
export function refusalTable<const T extends Table>(
  table: T,
): (code: CodeOf<T>, message?: string) => ActionError {
  const byCode = new Map(
    Object.entries(table).flatMap(([status, messages]) =>
      Object.entries(messages).map(([code, message]) => [code, { status, message }] as const),
    ),
  )
  return (code, message) => {
    const refusal = byCode.get(code)
    return new ActionError(Number(refusal?.status), code, message ?? refusal?.message ?? '')
  }
}
