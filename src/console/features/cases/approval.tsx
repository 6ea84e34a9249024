/** The second person's view: what is asked for, by whom and why, on what evidence; approve or refuse. */

import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { CaseDetail } from '../../../contract/cases.ts'
import { useApi, useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { count, shortTime, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Fact, FactList } from '../../ui/facts.tsx'
import { Key } from '../../ui/key.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Note } from '../../ui/note.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Empty } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useMutationAction, useQuickMutation } from './data.ts'
import { Evidence } from './evidence.tsx'
import { Score, Suspicion } from './marks.tsx'

const words = text.review.approval

export interface ApprovalProps {
  file: CaseDetail
  /** number of the opening */
  opening: number
  /** the sentence of the terms */
  reasonText: string
  /** back to the case */
  onDone: () => void
}

export function Approval({ file, opening: id, reasonText, onDone }: ApprovalProps) {
  const { client } = useApi()
  const { email } = useUser()
  const mayWork = useMayWork()
  const [refusing, setRefusing] = useState(false)
  const sample = file.samples.find((each) => each.opening?.id === id)
  const opening = sample?.opening
  const waits = opening?.state === 'requested' && sample?.obstacles.some(({ kind }) => kind === 'second person')
  const isOwn = opening?.requestedBy === email
  const mayAnswer = Boolean(waits) && !isOwn && mayWork
  const approve = useQuickMutation(
    () => client.openings.approve({ id }),
    () => {
      toast.success(words.approved)
      onDone()
    },
  )
  const refuse = useMutationAction(
    (reason: string) => client.openings.refuse({ id, reason }),
    () => {
      toast.success(words.refused)
      onDone()
    },
  )
  const go = (): void => {
    if (mayAnswer && !approve.isPending) approve.mutate(undefined)
  }
  useKeys({ y: go, r: () => mayAnswer && setRefusing(true) })

  if (!sample || !opening || !waits) {
    return (
      <Pane onDone={onDone}>
        <Empty title={words.gone} help={words.goneHelp}>
          <Button onClick={onDone}>{words.back}</Button>
        </Empty>
      </Pane>
    )
  }
  const { suspicion, threshold } = file
  return (
    <Pane onDone={onDone}>
      <h2 className="pr-8 font-semibold text-lg tracking-[-0.01em]">{words.title(opening.requestedBy)}</h2>
      <div className="mt-3 grid gap-2">
        <Note tone="plain" title={words.why}>
          <p className="whitespace-pre-wrap break-words select-text">{opening.reason}</p>
        </Note>
        {opening.override === null ? null : (
          <Note tone="warning" title={words.override}>
            {words.overrideHelp(count(suspicion), count(threshold))}{' '}
            <span className="font-[550] select-text">{opening.override}</span>
          </Note>
        )}
        {isOwn ? (
          <Note tone="warning" title={words.own}>
            {words.ownHelp}
          </Note>
        ) : null}
      </div>
      <div className="mt-4">
        <FactList>
          <Fact name={words.case}>
            <Link
              to="/review/{-$id}"
              params={{ id: String(file.id) }}
              search={{}}
              activeOptions={{ exact: true }}
              className="text-accent underline"
            >
              {text.review.detail.title(file.id)}
            </Link>{' '}
            · {file.account} · {reasonText}
          </Fact>
          <Fact name={text.review.detail.suspicion}>
            <Suspicion value={suspicion} threshold={threshold} wide />
          </Fact>
          <Fact name={words.sample}>
            <span className="num">
              {shortTime(sample.acceptedAt, Date.now())} · {size(sample.size)} ·{' '}
              <span className="mono">{sample.domains.join(', ')}</span>{' '}
              <Score score={sample.score} flagged={sample.flagged} />
            </span>
          </Fact>
          <Fact name={words.asked}>
            <Time at={opening.requestedAt} />
          </Fact>
          <Fact name={words.expires}>
            <Time at={opening.expiresAt} />
          </Fact>
        </FactList>
      </div>
      <p className="mt-4 text-dim">{words.bound}</p>
      {mayAnswer ? (
        <div className="mt-3 flex gap-2">
          <Button kind="primary" disabled={approve.isPending} onClick={go}>
            {words.approve}
            <Key>y</Key>
          </Button>
          <Button onClick={() => setRefusing(true)}>
            {words.refuse}
            <Key>r</Key>
          </Button>
        </div>
      ) : null}
      <Evidence file={file} />
      {refusing ? (
        <ReasonDialog
          title={words.refuseTitle}
          help={words.refuseHelp}
          reasonHelp={text.review.step.reasonKept}
          confirm={words.refuseGo}
          busy={refuse.isPending}
          error={refuse.error}
          onConfirm={(reason) => refuse.mutate(reason)}
          onClose={() => setRefusing(false)}
        />
      ) : null}
    </Pane>
  )
}

function Pane({ onDone, children }: { onDone: () => void; children: React.ReactNode }) {
  return (
    <aside aria-label={words.label} className="relative flex min-h-0 flex-1 flex-col bg-panel">
      <div className="absolute top-2.5 right-4 z-10">
        <IconButton label={words.back} shortcut="Esc" onClick={onDone} className="bg-panel">
          <X size={15} />
        </IconButton>
      </div>
      <ScrollRegion label={words.label} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-6">
        {children}
      </ScrollRegion>
    </aside>
  )
}
