/** What lines are handed on to, such as pino's destination. */
export interface LinesTarget {
  write(text: string): unknown
}

/** Characters that are handed on at once, and milliseconds that a line waits for others at most. */
const CHARACTERS = 8 * 1024
const MILLISECONDS = 200

/**
 * Gathers a log's lines and hands them on many at a time, the last ones when the process exits.
 * Pino's destination gathers, too, but measures all that it has gathered anew with every line.
 */
export class GatheredLines {
  readonly #target: LinesTarget
  #gathered = ''

  /** @param open Makes the target; what that does itself at the process's end comes after its last lines */
  constructor(open: () => LinesTarget) {
    const handOn = (): void => this.#handOn()
    process.on('exit', handOn)
    this.#target = open()
    setInterval(handOn, MILLISECONDS).unref()
  }

  /** @param line With its line break */
  write(line: string): void {
    this.#gathered += line
    if (this.#gathered.length >= CHARACTERS) this.#handOn()
  }

  #handOn(): void {
    if (this.#gathered === '') return
    const lines = this.#gathered
    this.#gathered = ''
    this.#target.write(lines)
  }
}
