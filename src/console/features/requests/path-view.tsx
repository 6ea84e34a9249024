/** The path of a request, stage by stage. */

import { useEffect, useRef } from 'react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { text } from '../../text.ts'
import { ExecutionStage } from './execution.tsx'
import { ForwardStage } from './forward-stage.tsx'
import type { RequestMutations } from './orders.ts'
import { pathOf, type Stage } from './path.ts'
import { PreviewStage } from './preview.tsx'
import { SearchStage } from './search-stage.tsx'
import type { StageProps } from './stage-props.ts'
import { AnswerStage, DecisionStage, IdentityStage, ReceivedStage } from './stages.tsx'

const bodies: Record<Stage, (props: StageProps) => React.ReactNode> = {
  received: ReceivedStage,
  identity: IdentityStage,
  search: SearchStage,
  forward: ForwardStage,
  preview: PreviewStage,
  decision: DecisionStage,
  execution: ExecutionStage,
  answer: AnswerStage,
}

export function Path({ request, orders }: { request: RequestDetail; orders: RequestMutations }) {
  const path = pathOf(request)
  const present = path.find(({ mark }) => mark === 'now' || mark === 'running')?.stage
  const list = useRef<HTMLOListElement>(null)
  const seen = useRef(present)
  // who has taken a step looks for the next
  useEffect(() => {
    if (seen.current === present) return
    seen.current = present
    list.current?.querySelector('[aria-current=step]')?.scrollIntoView({ block: 'nearest' })
  }, [present])
  return (
    <section aria-label={text.requests.path.title} className="mt-5">
      <ol ref={list}>
        {path.map(({ stage, mark }) => {
          const Body = bodies[stage]
          return <Body key={stage} request={request} mark={mark} orders={orders} />
        })}
      </ol>
    </section>
  )
}
