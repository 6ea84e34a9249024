/** The whole log as a file that can be verified without Mailward: rows, checkpoints, receipts; JSON Lines (docs/audit.md). */

import { useRef, useState } from 'react'
import { exportedAudit } from '../../../contract/auditExport.ts'
import { type Client, type Problem, problemOf, useApi } from '../../api.ts'
import { saveFile } from '../../components/save-file.ts'
import { text } from '../../text.ts'

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

/** Reads the whole export; a piece becomes a blob at once, which the browser may put on disk. */
async function readAll(client: Client, signal: AbortSignal, onRows: (rows: number, all: number) => void) {
  const pieces: Blob[] = []
  let rows = 0
  for await (const piece of exportedAudit(client, { signal })) {
    pieces.push(new Blob([piece.text]))
    rows = piece.rows
    onRows(rows, piece.all)
  }
  return { rows, content: new Blob(pieces, { type: 'application/x-ndjson' }) }
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
