/** Thrown when https cannot be begun; the message is a sentence for who started it. */
export class HttpsError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'HttpsError'
  }
}
