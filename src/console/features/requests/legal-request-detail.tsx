/** One legal demand: what was asked for, who approved it, what was handed over, who was told. */

import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { LegalRequestView } from '../../../contract/legalRequests.ts'
import { useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { scopeInText } from '../../components/hold-scope.tsx'
import { count, longDay, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Fact, FactList } from '../../ui/facts.tsx'
import { Proof } from '../../ui/proof.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Time, useNow } from '../../ui/time.tsx'
import {
  Approve,
  CloseLegalRequest,
  ExportLegalRequest,
  type LegalRequestDialog,
  type LegalRequestDialogProps,
  Notice,
  RefuseLegalRequest,
} from './legal-request-dialogs.tsx'
import { isGagged, LegalRequestStateMark } from './legal-request-state.tsx'
import { Sentence, StageView } from './stage.tsx'

const words = text.legalRequests

const dialogs: Record<LegalRequestDialog, (props: LegalRequestDialogProps) => ReactNode> = {
  approve: Approve,
  refuse: RefuseLegalRequest,
  export: ExportLegalRequest,
  notice: Notice,
  close: CloseLegalRequest,
}

export function LegalRequestPane({ legalRequest, onClose }: LegalRequestDialogProps) {
  const [dialog, setDialog] = useState<LegalRequestDialog>()
  const now = useNow()
  const { id, authority, basis, scope, receivedAt, gagUntil, state, hold, note, recordedBy } = legalRequest
  const Dialog = dialog && dialogs[dialog]
  return (
    <aside aria-label={words.name(id)} className="flex min-h-0 flex-1 flex-col bg-panel">
      <div className="flex min-h-[49px] items-center gap-2.5 border-line border-b pr-2.5 pl-[18px]">
        <h2 className="whitespace-nowrap font-semibold text-lg tracking-[-0.01em]">{words.name(id)}</h2>
        <span className="mr-auto text-dim">
          <LegalRequestStateMark state={state} />
        </span>
        <IconButton label={words.close} shortcut="Esc" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </div>
      <ScrollRegion label={words.name(id)} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-8">
        <div className="max-w-[880px]">
          <h3 className="mb-3 font-semibold text-lg leading-snug tracking-[-0.01em] select-text">{authority}</h3>
          <FactList>
            <Fact name={words.fact.basis}>
              <span className="break-words select-text">{basis}</span>
            </Fact>
            <Fact name={words.fact.scope}>
              <span className="select-text">{scopeInText(scope, now)}</span>
            </Fact>
            <Fact name={words.fact.received}>
              <Time at={receivedAt} />
            </Fact>
            <Fact name={words.fact.gag}>
              {gagUntil === null ? <span className="text-faint">{words.noGag}</span> : longDay(gagUntil)}
            </Fact>
            <Fact name={words.fact.hold}>
              {hold === null ? (
                <span className="text-faint">{words.noHold}</span>
              ) : (
                <Link
                  to="/retention/{-$view}/{-$id}"
                  params={{ view: 'holds', id: String(hold) }}
                  search={{}}
                  className="num text-accent hover:underline"
                >
                  {words.holdName(count(hold))}
                </Link>
              )}
            </Fact>
            {note === '' ? null : (
              <Fact name={words.fact.note}>
                <span className="whitespace-pre-wrap break-words select-text">{note}</span>
              </Fact>
            )}
          </FactList>
          <ol aria-label={words.path.title} className="mt-5">
            <StageView mark="done" name={words.path.recorded} evidence={recordedBy} />
            <SecondUser legalRequest={legalRequest} onAsk={setDialog} />
            <Exported legalRequest={legalRequest} onAsk={setDialog} />
            <Notified legalRequest={legalRequest} onAsk={setDialog} now={now} />
            <Ended legalRequest={legalRequest} onAsk={setDialog} />
          </ol>
          {legalRequest.export ? <Proof label={words.export.sha} value={legalRequest.export.sha256} /> : null}
        </div>
      </ScrollRegion>
      {Dialog ? <Dialog legalRequest={legalRequest} onClose={() => setDialog(undefined)} /> : null}
    </aside>
  )
}

interface PartProps {
  legalRequest: LegalRequestView
  onAsk: (dialog: LegalRequestDialog) => void
}

function SecondUser({ legalRequest, onAsk }: PartProps) {
  const { email, name } = useUser()
  const mayWork = useMayWork()
  const { state, recordedBy, approvedBy, approvedAt } = legalRequest
  const isOwn = recordedBy === email || recordedBy === name
  if (approvedBy !== null) {
    return (
      <StageView
        mark="done"
        name={words.path.approved}
        evidence={
          <>
            {approvedBy}
            {approvedAt === null ? null : (
              <span className="text-faint">
                {' · '}
                <Time at={approvedAt} />
              </span>
            )}
          </>
        }
      />
    )
  }
  if (state !== 'recorded') return <StageView mark="skipped" name={words.path.approved} evidence={words.state[state]} />
  return (
    <StageView
      mark="now"
      name={words.path.approved}
      actions={
        mayWork ? (
          <>
            <Button small onClick={() => onAsk('refuse')}>
              {words.refuse.go}
            </Button>
            {isOwn ? null : (
              <Button small kind="primary" onClick={() => onAsk('approve')}>
                {words.approve.go}
              </Button>
            )}
          </>
        ) : undefined
      }
    >
      <Sentence>
        {isOwn ? words.approve.own : words.approve.waits} {words.approve.later}
      </Sentence>
    </StageView>
  )
}

function Exported({ legalRequest, onAsk }: PartProps) {
  const mayWork = useMayWork()
  const { state, export: made, approvedBy } = legalRequest
  const mayExport = mayWork && (state === 'approved' || state === 'exported')
  const button = mayExport ? (
    <Button small kind={made === null ? 'primary' : 'plain'} onClick={() => onAsk('export')}>
      {made === null ? words.export.go : words.export.again}
    </Button>
  ) : undefined
  if (made !== null) {
    const { records, bytes, by, at } = made
    return (
      <StageView
        mark="done"
        name={words.path.exported}
        evidence={`${words.export.records(records, count(records))}, ${size(bytes)}, ${words.export.by(by)}`}
        actions={button}
      >
        <Sentence>
          <Time at={at} />
        </Sentence>
      </StageView>
    )
  }
  if (state === 'refused' || state === 'closed') return <StageView mark="skipped" name={words.path.exported} />
  return (
    <StageView mark={approvedBy === null ? 'later' : 'now'} name={words.path.exported} actions={button}>
      {approvedBy === null ? <Sentence>{words.export.later}</Sentence> : null}
    </StageView>
  )
}

function Notified({ legalRequest, onAsk, now }: PartProps & { now: number }) {
  const mayWork = useMayWork()
  const { noticeAt, noNoticeReason, gagUntil, state } = legalRequest
  if (noticeAt !== null) {
    return <StageView mark="done" name={words.path.notice} evidence={<Time at={noticeAt} />} />
  }
  if (noNoticeReason !== '') {
    return <StageView mark="done" name={words.path.notice} evidence={words.notice.because(noNoticeReason)} />
  }
  const isForbidden = isGagged(legalRequest, now)
  const isOver = state === 'closed'
  return (
    <StageView
      mark={isOver ? 'skipped' : 'later'}
      name={words.path.notice}
      actions={
        mayWork && !isOver ? (
          <Button small onClick={() => onAsk('notice')}>
            {words.notice.go}
          </Button>
        ) : undefined
      }
    >
      {isForbidden && gagUntil !== null ? (
        <Sentence>{words.notice.gag(longDay(gagUntil))}</Sentence>
      ) : gagUntil !== null ? (
        <p className="font-[550] text-wait">{words.notice.over}</p>
      ) : (
        <Sentence>{words.notice.later}</Sentence>
      )}
    </StageView>
  )
}

function Ended({ legalRequest, onAsk }: PartProps) {
  const mayWork = useMayWork()
  const { state } = legalRequest
  if (state === 'closed') return <StageView mark="done" name={words.path.closed} />
  return (
    <StageView
      mark="later"
      name={words.path.closed}
      actions={
        mayWork && state !== 'recorded' ? (
          <Button small onClick={() => onAsk('close')}>
            {words.end.go}
          </Button>
        ) : undefined
      }
    >
      <Sentence>{words.end.later}</Sentence>
    </StageView>
  )
}
