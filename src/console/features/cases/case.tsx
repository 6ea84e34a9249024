/** One case beside the list: its keys, and the dialogs of what can be done with it. */

import { useQuery } from '@tanstack/react-query'
import { useCallback, useState } from 'react'
import type { CaseDetail, CaseSample } from '../../../contract/cases.ts'
import { type Finding, isUnderReview } from '../../../model/case.ts'
import { problemOf, refusalCode, useApi, useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { text } from '../../text.ts'
import { useKeys } from '../../ui/keys.ts'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Act } from './act.tsx'
import { Approval } from './approval.tsx'
import { useQuickMutation } from './data.ts'
import { type CaseMutations, CasePane } from './detail.tsx'
import { AttachSignals } from './evidence.tsx'
import { Ask, OpenSample, Revoke } from './opening-dialogs.tsx'
import { usePlace } from './place.ts'
import { AddNote, CloseCase, Decide, Reopen } from './small-dialogs.tsx'
import { type Step, stepOf } from './step.ts'
import { caseNumber } from './view.ts'
import type { openedNow } from './viewer.tsx'

const words = text.review

interface CaseBesideProps {
  written: string
  opening: number | undefined
  onShow: (id: string | undefined) => void
  onOpened: (view: Parameters<typeof openedNow>[0]) => void
}

/** The case beside the list, as far as it has been read. */
export function CaseBeside({ written, opening, onShow, onOpened }: CaseBesideProps) {
  const { queries } = useApi()
  const id = caseNumber(written)
  const file = useQuery(queries.cases.get.queryOptions({ input: { id: id ?? 1 }, enabled: id !== undefined }))
  const reasons = useQuery(queries.cases.reasons.queryOptions({ staleTime: 60_000 }))
  if (file.data && id !== undefined) {
    const { reason } = file.data
    const sentence = reasons.data?.find(({ code }) => code === reason)?.text ?? reason
    if (opening !== undefined) {
      return <Approving file={file.data} opening={opening} reasonText={sentence} onDone={() => onShow(written)} />
    }
    return <Case file={file.data} reasonText={sentence} onClose={() => onShow(undefined)} onOpened={onOpened} />
  }
  return (
    <aside aria-label={words.title} className="min-h-0 flex-1 bg-panel p-[18px]">
      {id === undefined || refusalCode(file.error) === 'NOT_FOUND' ? (
        <Empty title={words.detail.gone} />
      ) : file.isError ? (
        <ProblemNote {...problemOf(file.error)} onRetry={() => void file.refetch()} />
      ) : (
        <SkeletonLines lines={9} />
      )}
    </aside>
  )
}

function Approving(props: Parameters<typeof Approval>[0]) {
  useKeys({ Escape: props.onDone })
  return <Approval {...props} />
}

type Dialog =
  | { kind: 'note' | 'act' | 'close' | 'reopen' | 'attach' }
  | { kind: 'decide'; verdict: Finding }
  | { kind: 'ask' | 'open' | 'revoke'; sample: CaseSample }

interface CaseProps {
  file: CaseDetail
  reasonText: string
  onClose: () => void
  onOpened: CaseBesideProps['onOpened']
}

/** A case with the keys and dialogs of what can be done with it. */
function Case({ file, reasonText, onClose, onOpened }: CaseProps) {
  const { client, queries } = useApi()
  const { email } = useUser()
  const mayWork = useMayWork()
  const { list, go } = usePlace()
  const [dialog, setDialog] = useState<Dialog>()
  const policy = useQuery(queries.openings.policy.queryOptions({ staleTime: 60_000 }))
  const take = useQuickMutation(() => client.cases.assign({ id: file.id, owner: email }))
  const active = isUnderReview(file.status)
  const done = (): void => setDialog(undefined)

  const step = useCallback(
    (sample: CaseSample, next: Step): void => {
      if (next.kind === 'ask' || next.kind === 'open') setDialog({ kind: next.kind, sample })
      if (next.kind === 'approve' && sample.opening) go(String(file.id), { ...list, opening: sample.opening.id })
    },
    [go, list, file.id],
  )
  const revoke = useCallback((sample: CaseSample): void => setDialog({ kind: 'revoke', sample }), [])
  const orders: CaseMutations = {
    take: () => take.mutate(undefined),
    note: () => setDialog({ kind: 'note' }),
    decide: () => setDialog({ kind: 'decide', verdict: 'breach' }),
    act: () => setDialog({ kind: 'act' }),
    close: () => setDialog({ kind: 'close' }),
    reopen: () => setDialog({ kind: 'reopen' }),
    attach: () => setDialog({ kind: 'attach' }),
    step,
    revoke,
  }
  const stepFirst = (): void => {
    const next = file.samples
      .map((sample) => ({ sample, step: stepOf(sample, email, mayWork, Date.now()) }))
      .toSorted((a, b) => urgency(a.step) - urgency(b.step))[0]
    if (next) step(next.sample, next.step)
  }
  const findingKey = (verdict: Finding) => () => active && setDialog({ kind: 'decide', verdict })
  useKeys(
    mayWork
      ? {
          t: () => active && file.owner !== email && orders.take(),
          w: orders.note,
          o: stepFirst,
          s: () => active && orders.attach(),
          b: findingKey('breach'),
          n: findingKey('no breach'),
          u: findingKey('unclear'),
          a: () => file.status !== 'closed' && orders.act(),
          e: () => file.status === 'decided' && orders.close(),
          v: () => !active && orders.reopen(),
        }
      : {},
  )
  return (
    <>
      <CasePane file={file} reasonText={reasonText} orders={orders} onClose={onClose} />
      {dialog ? (
        <CaseDialog
          dialog={dialog}
          file={file}
          minutes={policy.data?.viewMinutes}
          onClose={done}
          onDecided={(verdict) => setDialog(verdict === 'breach' ? { kind: 'act' } : undefined)}
          onOpened={onOpened}
        />
      ) : null}
    </>
  )
}

/** What a key press does first: open what may be opened, then approve, then ask. */
function urgency({ kind }: Step): number {
  return ['open', 'approve', 'ask', 'wait'].indexOf(kind)
}

interface CaseDialogsProps {
  dialog: Dialog
  file: CaseDetail
  minutes: number | undefined
  onClose: () => void
  onDecided: (verdict: Finding) => void
  onOpened: CaseBesideProps['onOpened']
}

function CaseDialog({ dialog, file, minutes, onClose, onDecided, onOpened }: CaseDialogsProps) {
  const given = { file, onClose }
  switch (dialog.kind) {
    case 'note':
      return <AddNote {...given} />
    case 'act':
      return <Act {...given} />
    case 'close':
      return <CloseCase {...given} />
    case 'reopen':
      return <Reopen {...given} />
    case 'attach':
      return <AttachSignals {...given} />
    case 'decide':
      return <Decide {...given} first={dialog.verdict} onDecided={onDecided} />
    case 'ask':
      return <Ask {...given} sample={dialog.sample} />
    case 'revoke':
      return <Revoke {...given} sample={dialog.sample} />
    case 'open':
      return <OpenSample {...given} sample={dialog.sample} minutes={minutes} onOpened={onOpened} />
  }
}
