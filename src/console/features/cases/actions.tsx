/** What followed from a case, and taking it back. */

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { toast } from 'sonner'
import type { ActionView, CaseDetail } from '../../../contract/cases.ts'
import { useApi, useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Time } from '../../ui/time.tsx'
import { useMutationAction } from './data.ts'

const words = text.review.actions

export function Actions({ file }: { file: CaseDetail }) {
  const [undoing, setUndoing] = useState<ActionView>()
  if (file.actions.length === 0) return null
  return (
    <section aria-label={words.title} className="mt-6">
      <h3 className="section-title mb-2">{words.title}</h3>
      <ul className="grid gap-2">
        {file.actions.map((action) => (
          <Line key={action.id} action={action} onUndo={() => setUndoing(action)} />
        ))}
      </ul>
      {undoing ? <Undo action={undoing} onClose={() => setUndoing(undefined)} /> : null}
    </section>
  )
}

function Line({ action, onUndo }: { action: ActionView; onUndo: () => void }) {
  const mayWork = useMayWork()
  const { kind, perHour, reason, by, at, letter, undoneBy, canUndo } = action
  return (
    <li className="flex items-start gap-3 rounded-lg border border-line px-3 py-2">
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className={undoneBy === null ? 'font-[550]' : 'text-dim line-through'}>{words.kind[kind]}</span>
          {perHour === null ? null : <span className="num">{words.perHourOf(count(perHour))}</span>}
          {undoneBy === null ? null : <span className="text-dim">{words.undone(undoneBy)}</span>}
        </div>
        <p className="break-words text-dim select-text">{reason}</p>
        <p className="text-faint text-sm">
          <span className="mono">{by}</span> · <Time at={at} /> · <Letter letter={letter} />
        </p>
      </div>
      {canUndo && mayWork ? (
        <Button small onClick={onUndo}>
          {words.undo}
        </Button>
      ) : null}
    </li>
  )
}

/** The letter that went with an action, in the log for those who may read it. */
function Letter({ letter }: { letter: ActionView['letter'] }) {
  const mayRead = useUser().role !== 'auditor'
  if (!letter) return words.noLetter
  if (letter.message === null || !mayRead) return <span title={letter.subject}>{words.letterSent}</span>
  return (
    <Link
      to="/messages/{-$id}"
      params={{ id: letter.message }}
      search={{}}
      title={letter.subject}
      className="text-accent hover:underline"
    >
      {words.letterSent}
    </Link>
  )
}

function Undo({ action, onClose }: { action: ActionView; onClose: () => void }) {
  const { client } = useApi()
  const undo = useMutationAction(
    (reason: string) => client.cases.undo({ id: action.id, reason }),
    () => {
      toast.success(words.undoneToast)
      onClose()
    },
  )
  return (
    <ReasonDialog
      title={words.undoTitle(words.kind[action.kind])}
      help={words.undoHelp}
      reasonHelp={text.review.step.reasonKept}
      confirm={words.undoGo}
      busy={undo.isPending}
      error={undo.error}
      onConfirm={(reason) => undo.mutate(reason)}
      onClose={onClose}
    />
  )
}
