/** Faults in the text log: what and where, never with the message, which may quote an address or content. */

/** Log fields for something that was thrown. */
export function errorFields(fault: unknown): Record<string, unknown> {
  const error = fault instanceof Error && fault.cause instanceof Error ? fault.cause : fault
  if (!(error instanceof Error)) return { fault: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  const code = (error as { code?: unknown }).code
  return {
    fault: error.name,
    code: typeof code === 'string' ? code : undefined,
    at: frames.slice(0, 8).map((frame) => frame.trim()),
  }
}
