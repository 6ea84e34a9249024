/** A start that a person can put right: the message says what to change. Every other error of a start is a bug. */
export class ConfigError extends Error {
  override name = 'StartRefused'
}
