/** Replaying the sampling draw: every closed block recomputed. */

import { Progress } from '../../components/progress.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { ProblemNote } from '../../ui/state.tsx'
import { Card, Done, Figures } from './card.tsx'
import type { Draws } from './verification.ts'

const words = text.audit.proof.draws

export function SamplingCard({ draws: { state, start, cancel } }: { draws: Draws }) {
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        <Button disabled={state.kind === 'running'} onClick={() => start(undefined)}>
          {state.kind === 'done' ? words.again : words.go}
        </Button>
      }
    >
      {state.kind === 'running' ? <Progress words={words.running} since={state.since} onCancel={cancel} /> : null}
      {state.kind === 'failed' ? <ProblemNote {...state.problem} className="mt-3" /> : null}
      {state.kind === 'done' ? (
        <div className="mt-3" aria-live="polite">
          <Note
            tone={state.verdict.ok ? 'good' : 'bad'}
            title={
              state.verdict.ok
                ? words.ok(state.verdict.blocks, count(state.verdict.blocks))
                : words.bad(state.verdict.findings.length, count(state.verdict.findings.length))
            }
          >
            <p className="text-dim">
              <Done at={state.at} since={state.since} />
            </p>
          </Note>
          {state.verdict.findings.length > 0 ? (
            <ul className="mt-2 list-disc pl-5 select-text">
              {state.verdict.findings.map((finding) => (
                <li key={finding}>{finding}</li>
              ))}
            </ul>
          ) : null}
          <Figures
            figures={[
              { name: words.blocks, value: count(state.verdict.blocks) },
              { name: words.stored, value: count(state.verdict.stored) },
              { name: words.withheld, value: count(state.verdict.withheld) },
              { name: words.open, value: count(state.verdict.open) },
            ]}
          />
        </div>
      ) : null}
    </Card>
  )
}
