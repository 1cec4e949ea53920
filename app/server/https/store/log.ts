/** Where lines about https go, the fields before the sentence, as pino has it. */
export interface HttpsLog {
  info(fields: object, sentence: string): void
  warn(fields: object, sentence: string): void
  error(fields: object, sentence: string): void
}
