/** Verifying the whole log: begun here, with its progress and everything it found by name. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useRef } from 'react'
import { toast } from 'sonner'
import type { AuditFinding, Checkpoint } from '../../../contract/audit.ts'
import { useApi } from '../../api.ts'
import { Progress } from '../../components/progress.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Note } from '../../ui/note.tsx'
import { ProblemNote } from '../../ui/state.tsx'
import { Card, Done, Figures } from './card.tsx'
import { readCheckpoints } from './checkpoint-file.ts'
import type { CheckState, Verification, Verified } from './verification.ts'

const words = text.audit.proof.verify

export function VerifyCard({ verification: { state, start, cancel } }: { verification: Verification }) {
  const { queries } = useApi()
  const status = useQuery(queries.status.get.queryOptions())
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        <Button kind="primary" disabled={state.kind === 'running'} onClick={() => start(undefined)}>
          {state.kind === 'done' ? words.again : words.go}
        </Button>
      }
    >
      {state.kind === 'running' ? (
        <Progress words={words.running(count(status.data?.audit.entries ?? 0))} since={state.since} onCancel={cancel} />
      ) : null}
      {state.kind === 'failed' ? <ProblemNote {...state.problem} className="mt-3" /> : null}
      {state.kind === 'done' ? <Result state={state} /> : null}
      <FromFile
        disabled={state.kind === 'running'}
        onChosen={(name, checkpoints) => {
          if (checkpoints.length > 0) start({ name, checkpoints })
          else toast.error(words.badFile, { description: words.badFileHelp })
        }}
      />
    </Card>
  )
}

function Result({ state }: { state: Extract<CheckState<Verified>, { kind: 'done' }> }) {
  const { verdict, given } = state.verdict
  return (
    <div className="mt-3" aria-live="polite">
      <Note
        tone={verdict.ok ? 'good' : 'bad'}
        title={verdict.ok ? words.ok : words.bad(verdict.findings.length, count(verdict.findings.length))}
      >
        <p className="text-dim">
          <Done at={state.at} since={state.since} />
          {given ? ` · ${words.with(given)}` : ''}
        </p>
      </Note>
      <Findings findings={verdict.findings} />
      <Figures
        figures={[
          { name: words.rows, value: count(verdict.rows) },
          { name: words.checkpoints, value: count(verdict.checkpoints) },
          { name: words.receipts, value: count(verdict.receipts) },
          { name: words.erased, value: count(verdict.erased) },
        ]}
      />
      <div className="mt-1.5 flex items-baseline gap-1.5">
        <span className="text-faint">{words.head}</span>
        <Copyable value={verdict.head} what={words.head} className="min-w-0" />
      </div>
    </div>
  )
}

function Findings({ findings }: { findings: readonly AuditFinding[] }) {
  if (findings.length === 0) return null
  return (
    <ul aria-label={words.findings} className="mt-2 overflow-hidden rounded-md border border-line">
      {findings.map((finding) => (
        <li
          key={`${finding.kind} ${finding.sequence} ${finding.text}`}
          className="grid grid-cols-[112px_minmax(0,1fr)_auto] items-baseline gap-2 border-line-soft border-t px-2.5 py-1.5 first:border-t-0"
        >
          <span className="font-[550] text-bad">{words.kinds[finding.kind]}</span>
          <span className="break-words select-text">{finding.text}</span>
          {finding.sequence === null ? (
            <span className="text-faint">{words.whole}</span>
          ) : (
            <Link
              to="/audit/{-$row}"
              params={{ row: String(finding.sequence) }}
              search={{}}
              className="num text-accent underline"
            >
              {words.at(count(finding.sequence))}
            </Link>
          )}
        </li>
      ))}
    </ul>
  )
}

interface FromFileProps {
  disabled: boolean
  onChosen: (name: string, checkpoints: Checkpoint[]) => void
}

/** Checkpoints that were kept outside, out of files. */
function FromFile({ disabled, onChosen }: FromFileProps) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className="mt-3 flex items-center gap-2">
      <input
        ref={input}
        type="file"
        multiple
        accept=".json,.jsonl,.checkpoint,application/json"
        aria-label={words.file}
        tabIndex={-1}
        className="hidden"
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          // the same file can be chosen again
          event.target.value = ''
          void Promise.all(files.map((file) => file.text())).then((contents) => {
            if (files.length > 0) onChosen(files.map((file) => file.name).join(', '), contents.flatMap(readCheckpoints))
          })
        }}
      />
      <Button small disabled={disabled} onClick={() => input.current?.click()}>
        {words.file}
      </Button>
      <span className="min-w-0 text-faint text-sm">{words.fileHelp}</span>
    </div>
  )
}
