/** The whole log as a file: a line about the export, then rows as they lie in the chain, oldest first; JSON Lines. */

import { useRef, useState } from 'react'
import { type Client, type Problem, problemOf, useApi } from '../../api.ts'
import { saveFile } from '../../parts/save-file.ts'
import { text } from '../../text.ts'

const PAGE = 5000

export type ExportState =
  | { kind: 'idle' }
  | { kind: 'running'; rows: number; all: number }
  | { kind: 'done'; rows: number; bytes: number }
  | { kind: 'failed'; problem: Problem }

export interface Export {
  state: ExportState
  start: () => void
  cancel: () => void
}

/** Reads from the first row to the one that records the export. */
async function readAll(client: Client, signal: AbortSignal, onRows: (rows: number, all: number) => void) {
  const head = await client.audit.export(undefined, { signal })
  const pages = [new Blob([`${JSON.stringify(head)}\n`])]
  let rows = 0
  while (rows < head.rows) {
    const page = await client.audit.rows({ after: rows, limit: Math.min(PAGE, head.rows - rows) }, { signal })
    if (page.rows.length === 0) break
    // a page becomes a blob at once, which the browser may put on disk
    pages.push(new Blob(page.rows.map((row) => `${JSON.stringify(row)}\n`)))
    rows = page.rows.at(-1)!.sequence
    onRows(rows, head.rows)
  }
  return { rows, content: new Blob(pages, { type: 'application/x-ndjson' }) }
}

export function useExport(): Export {
  const { client } = useApi()
  const [state, setState] = useState<ExportState>({ kind: 'idle' })
  const running = useRef<AbortController>(undefined)
  return {
    state,
    start() {
      const controller = new AbortController()
      running.current = controller
      const { signal } = controller
      setState({ kind: 'running', rows: 0, all: 0 })
      readAll(client, signal, (rows, all) => {
        if (!signal.aborted) setState({ kind: 'running', rows, all })
      }).then(
        ({ rows, content }) => {
          if (signal.aborted) return
          saveFile(text.audit.proof.exported.file(new Date().toISOString().slice(0, 10)), content)
          setState({ kind: 'done', rows, bytes: content.size })
        },
        (error: unknown) => {
          if (!signal.aborted) setState({ kind: 'failed', problem: problemOf(error) })
        },
      )
    },
    cancel() {
      running.current?.abort()
      setState({ kind: 'idle' })
    },
  }
}
