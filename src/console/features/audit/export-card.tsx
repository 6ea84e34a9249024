/** The export of the log, with its progress. */

import { Download } from 'lucide-react'
import { Progress } from '../../components/progress.tsx'
import { count, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { ProblemNote } from '../../ui/state.tsx'
import { Card } from './card.tsx'
import type { Export } from './export.ts'

const words = text.audit.proof.exported

export function ExportCard({ exported: { state, start, cancel } }: { exported: Export }) {
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        <Button disabled={state.kind === 'running'} onClick={start}>
          <Download size={14} aria-hidden />
          {words.go}
        </Button>
      }
    >
      {state.kind === 'running' ? (
        <Progress
          words={words.running(count(state.rows), count(state.all))}
          share={state.rows / Math.max(1, state.all)}
          onCancel={cancel}
        />
      ) : null}
      {state.kind === 'failed' ? <ProblemNote {...state.problem} className="mt-3" /> : null}
      {state.kind === 'done' ? (
        <Note tone="good" className="mt-3">
          <span role="status" className="num">
            {words.done(state.rows, count(state.rows), size(state.bytes))}
          </span>
        </Note>
      ) : null}
    </Card>
  )
}
