/**
 * Finds calls by text into a thread of the store. Its operations are methods with types; a name in a text is checked by
 * nobody. Only the plumbing turns one into the other. Pure.
 */

/** What carries calls from one thread to another: a folder, and the writer, which commits in groups. */
const plumbing = ['src/store/sqlite/thread/', 'src/store/sqlite/threads/writer.ts']

const refused: [pattern: RegExp, problem: string][] = [
  [
    /\.(?:send|call)\s*(?:<[^()]*>)?\(\s*['"`]/,
    'calls a thread by a text: call its operation, which the compiler checks',
  ],
  [/\bcalls\s*(?:\?\.)?\[/, 'calls a thread by a text: call its operation, which the compiler checks'],
  [/\.postMessage\(/, 'posts to a thread: call its operation'],
  [/\bnew Worker\(/, 'starts a thread: only the plumbing does'],
]

/** What a source file does of it, as `path:line: what is wrong`. */
export function threadProblems(path: string, text: string): string[] {
  if (!path.startsWith('src/store/') || plumbing.some((own) => path.startsWith(own))) return []
  return refused.flatMap(([pattern, problem]) =>
    [...text.matchAll(new RegExp(pattern, 'g'))].map(
      ({ index }) => `${path}:${text.slice(0, index).split('\n').length}: ${problem}`,
    ),
  )
}
