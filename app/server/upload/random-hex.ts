import { randomUUID } from 'node:crypto'

/** Returns 16 random hex characters: the two ends of a UUID, without its fixed bits. */
export function randomHex(): string {
  const uuid = randomUUID()
  return uuid.slice(0, 8) + uuid.slice(-8)
}
