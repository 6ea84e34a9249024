/** The path of a request, stage by stage. */

import type { RequestDetail } from '../../../contract/requests.ts'
import { text } from '../../text.ts'
import { ExecutionStage } from './execution.tsx'
import { ForwardStage } from './forward-stage.tsx'
import type { RequestOrders } from './orders.ts'
import { type Mark, nextStep, pathOf, type Stage, type Step } from './path.ts'
import { PreviewStage } from './preview.tsx'
import { SearchStage } from './search-stage.tsx'
import { AnswerStage, DecisionStage, IdentityStage, ReceivedStage } from './stages.tsx'

export interface StageProps {
  request: RequestDetail
  mark: Mark
  orders: RequestOrders
  /** what comes next for this person */
  next: Step | undefined
}

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

export function Path({ request, orders }: { request: RequestDetail; orders: RequestOrders }) {
  const next = nextStep(request)
  return (
    <section aria-label={text.requests.path.title} className="mt-5">
      <ol>
        {pathOf(request).map(({ stage, mark }) => {
          const Body = bodies[stage]
          return <Body key={stage} request={request} mark={mark} orders={orders} next={next} />
        })}
      </ol>
    </section>
  )
}
