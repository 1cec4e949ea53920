import type { ActionParameters } from './action.ts'

/** Returns the values of `Name.1`, `Name.2`, … in order. */
export function listOf(parameters: ActionParameters, name: string): string[] {
  const pattern = new RegExp(`^${name.replaceAll('.', '\\.')}\\.(\\d+)$`)
  return Object.entries(parameters)
    .flatMap(([key, value]) => {
      const index = pattern.exec(key)?.[1]
      return index === undefined ? [] : [{ index: Number(index), value }]
    })
    .sort((a, b) => a.index - b.index)
    .map(({ value }) => value)
}

/** Returns the records of `Name.1.Field`, `Name.2.Field`, … in order. */
export function recordsOf(parameters: ActionParameters, name: string): Record<string, string>[] {
  const records = new Map<number, Record<string, string>>()
  for (const [key, value] of Object.entries(parameters)) {
    const match = new RegExp(`^${name}\\.(\\d+)\\.(.+)$`).exec(key)
    if (!match?.[1] || !match[2]) continue
    const index = Number(match[1])
    records.set(index, { ...records.get(index), [match[2]]: value })
  }
  return [...records].sort(([a], [b]) => a - b).map(([, record]) => record)
}

/** Returns a list of ids sent as JSON, e.g. `["i-1","i-2"]`; undefined when it is not one. */
export function jsonList(text: string): string[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) && value.every((item) => typeof item === 'string')
      ? value
      : undefined
  } catch {
    return undefined
  }
}

/** Returns a whole number written in digits; undefined when it is not one. */
export function wholeNumber(text: string): number | undefined {
  return /^-?\d{1,15}$/.test(text) ? Number(text) : undefined
}

/** `true` and `false` in any case; undefined for anything else. */
export function truth(text: string): boolean | undefined {
  const value = text.toLowerCase()
  return value === 'true' ? true : value === 'false' ? false : undefined
}
