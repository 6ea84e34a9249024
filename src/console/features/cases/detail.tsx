/** One case: what it is about, its evidence, the sealed samples, what was done and what happened. */

import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CaseDetail } from '../../../contract/cases.ts'
import { isUnderReview } from '../../../model/case.ts'
import { useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { Timeline } from '../../components/timeline.tsx'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Fact, FactList } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Time } from '../../ui/time.tsx'
import { Actions } from './actions.tsx'
import { Evidence } from './evidence.tsx'
import { CaseStatusMark, Suspicion } from './marks.tsx'
import { CaseSamples, type OnStep } from './samples.tsx'

const words = text.review.detail

/** What a person can do with a case. */
export interface CaseMutations {
  take: () => void
  note: () => void
  decide: () => void
  act: () => void
  close: () => void
  reopen: () => void
  attach: () => void
  step: OnStep
  revoke: Parameters<typeof CaseSamples>[0]['onRevoke']
}

export interface CasePaneProps {
  file: CaseDetail
  /** the sentence of the terms */
  reasonText: string
  orders: CaseMutations
  onClose: () => void
}

export function CasePane({ file, reasonText, orders, onClose }: CasePaneProps) {
  const mayWork = useMayWork()
  const active = isUnderReview(file.status)
  return (
    <aside aria-label={words.label(file.id)} className="flex min-h-0 flex-1 flex-col bg-panel">
      <div className="flex min-h-[49px] items-center gap-2 border-line border-b pr-2.5 pl-[18px]">
        <h2 className="whitespace-nowrap font-semibold text-lg tracking-[-0.01em]">{words.title(file.id)}</h2>
        <span className="mr-auto text-dim">
          <CaseStatusMark status={file.status} />
        </span>
        {mayWork ? <Orders file={file} orders={orders} /> : null}
        <IconButton label={words.close} shortcut="Esc" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </div>
      <ScrollRegion label={words.label(file.id)} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-8">
        <h3 className="font-semibold text-lg leading-snug tracking-[-0.01em]">{reasonText}</h3>
        <p className="mt-0.5 mb-3 whitespace-pre-wrap break-words text-dim select-text">{file.note}</p>
        <Facts file={file} />
        <Evidence file={file} onAttach={mayWork && active ? orders.attach : undefined} />
        <CaseSamples file={file} onStep={orders.step} onRevoke={orders.revoke} />
        <Actions file={file} />
        <Timeline
          title={text.review.timeline.title}
          events={file.events.map((one) => ({ ...one, what: text.review.timeline.event[one.kind] }))}
        />
      </ScrollRegion>
    </aside>
  )
}

function Facts({ file }: { file: CaseDetail }) {
  const { email } = useUser()
  return (
    <FactList>
      <Fact name={words.account}>
        <Link
          to="/accounts/{-$name}"
          params={{ name: file.account }}
          search={{}}
          className="font-[550] text-accent hover:underline"
        >
          {file.account}
        </Link>
      </Fact>
      <Fact name={words.suspicion}>
        <Suspicion value={file.suspicion} threshold={file.threshold} wide />
      </Fact>
      <Fact name={words.owner}>
        {file.owner === null ? (
          text.review.nobody
        ) : file.owner === email ? (
          text.review.you
        ) : (
          <span className="mono">{file.owner}</span>
        )}
      </Fact>
      <Fact name={words.opened}>
        <Time at={file.openedAt} /> <span className="text-dim">{words.by(file.openedBy)}</span>
      </Fact>
      {file.verdict === null ? null : (
        <Fact name={words.verdict}>
          <b className={file.verdict === 'breach' ? 'font-[550] text-bad' : 'font-[550]'}>
            {text.review.verdict[file.verdict]}
          </b>{' '}
          {file.decidedAt ? <Time at={file.decidedAt} /> : null}
        </Fact>
      )}
      {file.closedAt === null ? null : (
        <Fact name={words.toClose}>
          <Time at={file.closedAt} />
        </Fact>
      )}
    </FactList>
  )
}

/** The buttons of a case, as its state allows. */
function Orders({ file, orders }: { file: CaseDetail; orders: CaseMutations }) {
  const { email } = useUser()
  const active = isUnderReview(file.status)
  return (
    <>
      {active && file.owner !== email ? (
        <WithKey name="t" onClick={orders.take}>
          {file.owner === null ? words.take : words.takeOver}
        </WithKey>
      ) : null}
      <WithKey name="w" onClick={orders.note}>
        {words.note}
      </WithKey>
      {file.status === 'closed' ? null : (
        <WithKey name="a" onClick={orders.act}>
          {words.act}
        </WithKey>
      )}
      {active ? (
        <WithKey name="b n u" onClick={orders.decide} primary>
          {words.decide}
        </WithKey>
      ) : (
        <WithKey name="v" onClick={orders.reopen}>
          {words.reopen}
        </WithKey>
      )}
      {file.status === 'decided' ? (
        <WithKey name="e" onClick={orders.close} primary>
          {words.closeCase}
        </WithKey>
      ) : null}
    </>
  )
}

interface WithKeyProps {
  name: string
  primary?: boolean
  onClick: () => void
  children: string
}

function WithKey({ name, primary, onClick, children }: WithKeyProps): ReactNode {
  return (
    <Hint text={children.replace('…', '')} shortcut={name}>
      <Button kind={primary ? 'primary' : 'plain'} onClick={onClick}>
        {children}
      </Button>
    </Hint>
  )
}
