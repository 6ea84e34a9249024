/** One request: who asks for what, by when, and its path. */

import { Link } from '@tanstack/react-router'
import { Ellipsis, X } from 'lucide-react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { isOpenRequest } from '../../../model/request.ts'
import { useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { Timeline } from '../../components/timeline.tsx'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Fact, FactList } from '../../ui/facts.tsx'
import { Hint } from '../../ui/hint.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Time } from '../../ui/time.tsx'
import { Letters } from './letters.tsx'
import { DaysLeft, RequestStateMark } from './marks.tsx'
import type { RequestDialog, RequestMutations } from './orders.ts'
import { mayTakeExport } from './packages.tsx'
import { isUndecided, type NextStep, nextStep, obstacleOf, type Step } from './path.ts'
import { Path } from './path-view.tsx'

const words = text.requests.detail

export interface RequestPaneProps {
  request: RequestDetail
  orders: RequestMutations
  onClose: () => void
}

export function RequestPane({ request, orders, onClose }: RequestPaneProps) {
  const mayWork = useMayWork()
  const { id, kind, track, subject, state, letters } = request
  return (
    <aside aria-label={words.label(id)} className="flex min-h-0 flex-1 flex-col bg-panel">
      <div className="flex min-h-[49px] items-center gap-2.5 border-line border-b pr-2.5 pl-[18px]">
        <h2 className="whitespace-nowrap font-semibold text-lg tracking-[-0.01em]">{words.title(id)}</h2>
        {isOpenRequest(state) ? <DaysLeft request={request} /> : null}
        <span className="mr-auto text-dim">
          <RequestStateMark state={state} />
        </span>
        {mayWork && state !== 'closed' ? <Orders request={request} orders={orders} /> : null}
        <IconButton label={words.close} shortcut="Esc" onClick={onClose}>
          <X size={15} />
        </IconButton>
      </div>
      <ScrollRegion label={words.label(id)} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-8">
        <div className="max-w-[880px]">
          <h3 className="font-semibold text-lg leading-snug tracking-[-0.01em]">
            {text.requests.kind[kind]} <span className="font-normal text-dim">· {text.requests.track[track]}</span>
          </h3>
          <div className="mb-3">
            <Copyable value={subject} what={words.subject} />
            {subject.includes('@') ? null : <p className="text-dim">{words.erased}</p>}
          </div>
          <Facts request={request} />
          <Path request={request} orders={orders} />
          <Letters letters={letters.filter((letter) => letter.kind === 'extension')} />
          <Timeline
            title={text.requests.events.title}
            events={request.events.map((one) => ({ ...one, what: text.requests.events.kinds[one.kind] ?? one.kind }))}
          />
        </div>
      </ScrollRegion>
    </aside>
  )
}

function Facts({ request }: { request: RequestDetail }) {
  const { email } = useUser()
  const { account, dueAt, extended, owner, outcome, parent, correction, suppress, state } = request
  return (
    <FactList>
      <Fact name={words.account}>
        {account === null ? (
          text.requests.everything
        ) : (
          <Link
            to="/accounts/{-$name}"
            params={{ name: account }}
            search={{}}
            className="font-[550] text-accent hover:underline"
          >
            {account}
          </Link>
        )}
      </Fact>
      {isOpenRequest(state) ? (
        <Fact name={words.due}>
          <Time at={dueAt} />
          {extended ? <span className="text-dim"> · {words.extended}</span> : null}
        </Fact>
      ) : null}
      <Fact name={words.owner}>
        {owner === null ? (
          text.requests.nobody
        ) : owner === email ? (
          text.requests.you
        ) : (
          <span className="mono">{owner}</span>
        )}
      </Fact>
      {parent === null ? null : (
        <Fact name={words.parent}>
          <Link
            to="/requests/{-$id}"
            params={{ id: String(parent) }}
            search={{}}
            className="text-accent hover:underline"
          >
            {words.parentOf(parent)}
          </Link>
        </Fact>
      )}
      {correction === '' ? null : (
        <Fact name={words.correction}>
          <span className="break-words select-text">{correction}</span>
        </Fact>
      )}
      {suppress ? <Fact name={words.suppress}>{words.suppressed}</Fact> : null}
      {outcome === null ? null : (
        <Fact name={words.outcome}>
          <span className="font-[550]">{text.requests.outcome[outcome]}</span>
        </Fact>
      )}
    </FactList>
  )
}

/** The buttons of a request; what is rare is in a menu. */
function Orders({ request, orders }: { request: RequestDetail; orders: RequestMutations }) {
  const { email, name } = useUser()
  const next = nextStep(request)
  const isTheirs = next === 'package' && !mayTakeExport(request, [email, name])
  const can = (step: Step): boolean => obstacleOf(request, step) === ''
  const item = (dialog: RequestDialog, label: string, isPossible: boolean, danger = false) => (
    <MenuItem disabled={!isPossible} danger={danger && isPossible} onClick={() => orders.ask(dialog)}>
      {label}
    </MenuItem>
  )
  return (
    <>
      {request.owner !== email && isOpenRequest(request.state) ? (
        <Hint text={words.take} shortcut="t">
          <Button onClick={orders.take}>{words.take}</Button>
        </Hint>
      ) : null}
      <Hint text={words.note.replace('…', '')} shortcut="w">
        <Button onClick={() => orders.ask({ kind: 'note' })}>{words.note}</Button>
      </Hint>
      <Menu
        align="end"
        trigger={
          <button
            type="button"
            aria-label={words.more}
            className="inline-grid size-[30px] shrink-0 place-items-center rounded-md border border-line bg-raised text-dim hover:bg-row-hover hover:text-text"
          >
            <Ellipsis size={15} />
          </button>
        }
      >
        {item({ kind: 'change' }, words.change, isUndecided(request))}
        {item({ kind: 'extend' }, words.extend, can('extend'))}
        {item({ kind: 'refuse' }, words.refuse, can('refuse'), true)}
        {item({ kind: 'close' }, words.closeRequest, can('close'))}
      </Menu>
      {next && !isTheirs ? (
        <Hint text={text.requests.keys.next} shortcut="n">
          <Button kind="primary" onClick={() => orders.step(next)}>
            {stepLabel(request, next)}
          </Button>
        </Hint>
      ) : null}
    </>
  )
}

/** What the button of the next step says. */
function stepLabel({ identity, dataExports }: RequestDetail, step: NextStep): string {
  const { search, forward, decide, execute, answer, identity: who, dataExports: files } = text.requests
  switch (step) {
    case 'confirm identity':
      return identity.codeSentAt === null ? who.code : who.enter
    case 'search':
      return search.go
    case 'forward':
      return forward.go
    case 'decide':
      return decide.go
    case 'execute':
      return execute.go
    case 'package':
      return dataExports.some(({ available, needsReview }) => available && needsReview) ? files.review : files.handOver
    case 'answer':
      return answer.go
  }
}
