/** The text log, as every part of the product writes it. */

/** Ids and counts only: never addresses, subjects or content. Has the shape of pino's logger. */
export interface Log {
  debug(fields: Record<string, unknown>, message: string): void
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}
