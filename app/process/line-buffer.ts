/** Destination of buffered lines, such as pino's. */
export interface LineDestination {
  write(text: string): unknown
}

const FLUSH_CHARACTERS = 8 * 1024
const FLUSH_INTERVAL_MS = 200

/**
 * Buffers lines of a log and writes many at a time; flushes when the process exits. Pino's own buffer
 * measures everything in it again with every line.
 */
export class LineBuffer {
  readonly #destination: LineDestination
  #buffer = ''

  /** @param open Opens the destination; exit listeners that it adds run after the last flush */
  constructor(open: () => LineDestination) {
    const flush = (): void => this.#flush()
    process.on('exit', flush)
    this.#destination = open()
    setInterval(flush, FLUSH_INTERVAL_MS).unref()
  }

  /** @param line With its line break */
  write(line: string): void {
    this.#buffer += line
    if (this.#buffer.length >= FLUSH_CHARACTERS) this.#flush()
  }

  #flush(): void {
    if (this.#buffer === '') return
    const lines = this.#buffer
    this.#buffer = ''
    this.#destination.write(lines)
  }
}
