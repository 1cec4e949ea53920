/** Log of https; the arguments are in pino's order. */
export interface HttpsLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}
