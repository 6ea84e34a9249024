/** The dialogue of one attempt as text, bounded: its beginning and its end are kept. */

/** characters kept of the beginning, and again of the end */
const HALF = 4096
const LONGEST_LINE = 1000

/** Lines are `C: …`, `S: …` or, for what happened between them, `-- …`. */
export class Transcript {
  private head: string[] = []
  private headSize = 0
  private tail: string[] = []
  private tailSize = 0
  private omitted = 0
  private readonly progress: { steps: number }

  /** @param progress counts what happens, for whoever watches the attempt */
  constructor(progress: { steps: number } = { steps: 0 }) {
    this.progress = progress
  }

  /** Notes that something moved of which no line tells. */
  step(): void {
    this.progress.steps++
  }

  /** Adds a line. Secrets and content must have been left out by the caller. */
  add(line: string): void {
    this.progress.steps++
    const kept = line.length > LONGEST_LINE ? `${line.slice(0, LONGEST_LINE)}…` : line
    const size = kept.length + 1
    if (this.tail.length === 0 && this.headSize + size <= HALF) {
      this.head.push(kept)
      this.headSize += size
      return
    }
    this.tail.push(kept)
    this.tailSize += size
    while (this.tailSize > HALF) {
      this.tailSize -= this.tail.shift()!.length + 1
      this.omitted += 1
    }
  }

  /** The whole text, lines separated by LF. */
  text(): string {
    if (this.tail.length === 0) return this.head.join('\n')
    const gap = this.omitted > 0 ? [`-- ${this.omitted} lines left out`] : []
    return [...this.head, ...gap, ...this.tail].join('\n')
  }
}
