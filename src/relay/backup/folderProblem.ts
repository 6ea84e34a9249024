/** What the system says when a folder cannot be written to, in words. */

const reasons: Record<string, string> = {
  EACCES: 'cannot be written to',
  EPERM: 'cannot be written to',
  EROFS: 'cannot be written to',
  SQLITE_CANTOPEN: 'cannot be written to',
  SQLITE_READONLY: 'cannot be written to',
  ENOTDIR: 'is not a folder',
  EEXIST: 'is not a folder',
  ENOSPC: 'has no space left',
  SQLITE_FULL: 'has no space left',
}

/** What is wrong with the folder an error came from; undefined when the error is a fault. */
export function placeProblem(error: unknown): string | undefined {
  return reasons[(error as { code?: string }).code ?? '']
}
