/** Pointing a third party to the accounts, and what the accounts made of it. */

import { Link } from '@tanstack/react-router'
import type { RequestDetail } from '../../../contract/requests.ts'
import { useMayWork } from '../../components/desk.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Letters } from './letters.tsx'
import { DaysLeft, RequestStateMark } from './marks.tsx'
import { isForwarded, isUndecided } from './path.ts'
import { Sentence, StageView } from './stage.tsx'
import type { StageProps } from './stage-props.ts'
import { inTheWay } from './stages.tsx'
import { StepButton } from './step-button.tsx'

const words = text.requests.forward

export function ForwardStage({ request, mark, orders }: StageProps) {
  const { letters, orders: made } = request
  const mayWork = useMayWork()
  const done = isForwarded(request)
  const out = letters.filter(({ kind }) => kind.startsWith('forward'))
  return (
    <StageView
      name={text.requests.path.stage.forward}
      mark={mark}
      evidence={mark === 'skipped' ? text.requests.path.leftOut : undefined}
      actions={
        <>
          {done && mayWork && isUndecided(request) ? (
            <Button small onClick={() => orders.ask({ kind: 'order' })}>
              {words.ownOrder}
            </Button>
          ) : null}
          <StepButton request={request} step="forward" name="f" onClick={() => orders.ask({ kind: 'forward' })}>
            {done ? words.again : words.go}
          </StepButton>
        </>
      }
    >
      {done ? (
        <Sentence>{made.length > 0 ? words.took(made.length) : words.noOrders}</Sentence>
      ) : mark === 'skipped' ? null : (
        <Sentence>{inTheWay(request, 'forward', mark, text.requests.path.later.forward)}</Sentence>
      )}
      <Letters letters={out} />
      <Orders made={made} />
    </StageView>
  )
}

/** Requests of accounts that were made for this one. */
function Orders({ made }: { made: RequestDetail['orders'] }) {
  if (made.length === 0) return null
  return (
    <ul aria-label={words.orders} className="mt-1.5 grid gap-1.5">
      {made.map((order) => (
        <li key={order.id} className="flex min-h-8 items-center gap-2.5 rounded-lg border border-line px-2.5 py-1">
          <Link
            to="/requests/{-$id}"
            params={{ id: String(order.id) }}
            search={{}}
            className="num font-[550] text-accent hover:underline"
          >
            {text.requests.detail.title(order.id)}
          </Link>
          <span className="min-w-0 flex-1 truncate text-dim">
            {text.requests.kind[order.kind]} · {order.account}
          </span>
          <RequestStateMark state={order.state} />
          <DaysLeft request={order} />
        </li>
      ))}
    </ul>
  )
}
