import type { RecordStorage } from './record-storage.ts'

/** Returns a storage that lasts as long as the page. */
export function memoryStorage(): RecordStorage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}
