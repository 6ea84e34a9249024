/** Stages of few words: received, identity, decision, answer. */

import { useState } from 'react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { useMayWork } from '../../components/desk.ts'
import { exactTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { Time, useNow } from '../../ui/time.tsx'
import { Letters } from './letters.tsx'
import { isForwarded, type Mark, obstacleOf, type Step } from './path.ts'
import { Sentence, StageView } from './stage.tsx'
import type { StageProps } from './stage-props.ts'
import { StepButton } from './step-button.tsx'

const words = text.requests
const SHOWN = 600

export function ReceivedStage({ request, mark }: StageProps) {
  const acknowledged = request.letters.filter(({ kind }) => kind === 'acknowledgement')
  return (
    <StageView
      name={words.path.stage.received}
      mark={mark}
      evidence={
        <>
          {words.source[request.source]} · <Time at={request.receivedAt} />
        </>
      }
    >
      <Written written={request.text} isOver={request.state === 'closed'} />
      <Letters letters={acknowledged} />
    </StageView>
  )
}

/** What the person wrote, as plain text: hostile content is characters and nothing else. */
function Written({ written, isOver }: { written: string; isOver: boolean }) {
  const [whole, setWhole] = useState(false)
  if (written === '') return <Sentence>{isOver ? words.received.forgotten : words.received.noText}</Sentence>
  const shown = whole || written.length <= SHOWN ? written : `${written.slice(0, SHOWN)}…`
  return (
    <blockquote
      aria-label={words.received.wrote}
      className="mt-1.5 rounded-md border-line-strong/50 border-l-2 bg-sunken px-3 py-2"
    >
      <p className="max-h-72 overflow-y-auto whitespace-pre-wrap break-words select-text">{shown}</p>
      {shown === written ? null : (
        <button type="button" onClick={() => setWhole(true)} className="text-accent text-sm hover:underline">
          {words.received.showAll}
        </button>
      )}
    </blockquote>
  )
}

export function IdentityStage({ request, mark, orders }: StageProps) {
  const { identity, letters } = request
  const mayWork = useMayWork()
  const isOpen = obstacleOf(request, 'confirm identity') === '' && !identity.confirmed
  const codes = letters.filter(({ kind }) => kind === 'code')
  const waits = identity.codeSentAt !== null && !identity.confirmed
  return (
    <StageView
      name={words.path.stage.identity}
      mark={mark}
      evidence={
        identity.confirmed ? (
          <>
            <span className="text-text select-text">{identity.how}</span>
            {identity.by ? <span className="text-faint"> · {words.path.by(identity.by)}</span> : null}
          </>
        ) : (
          leftOut(request, mark)
        )
      }
      actions={
        isOpen && mayWork ? (
          <>
            <Button small onClick={() => orders.ask({ kind: 'evidence' })}>
              {words.identity.evidence}
            </Button>
            {waits ? (
              <>
                <Button small onClick={() => orders.ask({ kind: 'code' })}>
                  {words.identity.again}
                </Button>
                <Button small onClick={() => orders.ask({ kind: 'enter' })}>
                  {words.identity.enter}
                </Button>
              </>
            ) : (
              <Button small onClick={() => orders.ask({ kind: 'code' })}>
                {words.identity.code}
              </Button>
            )}
          </>
        ) : undefined
      }
    >
      {identity.confirmed ? (
        identity.at ? (
          <Sentence>
            <Time at={identity.at} />
          </Sentence>
        ) : null
      ) : waits ? (
        <Sentence>
          {words.identity.waiting} {words.identity.waitingHelp}
        </Sentence>
      ) : mark === 'skipped' ? null : (
        <Sentence>{inTheWay(request, 'confirm identity', mark, words.path.later.identity)}</Sentence>
      )}
      <Letters letters={codes} />
    </StageView>
  )
}

/** Why a stage was left out; undefined while it was not. */
export function leftOut(request: RequestDetail, mark: Mark): string | undefined {
  if (mark !== 'skipped') return undefined
  return isForwarded(request) ? words.path.leftToAccounts : words.path.leftOut
}

/** What stands in the way of a step, or else what its stage is for. */
export function inTheWay(request: RequestDetail, step: Step, mark: Mark, otherwise: string): string {
  const obstacle = mark === 'now' ? obstacleOf(request, step) : ''
  return obstacle ? `${obstacle[0]!.toUpperCase()}${obstacle.slice(1)}.` : otherwise
}

export function DecisionStage({ request, mark, orders }: StageProps) {
  const { outcome, letters, events } = request
  const said = events.findLast(({ kind }) => (outcome === 'refused' ? /refus/ : /^deci/).test(kind))
  const refusals = letters.filter(({ kind }) => kind === 'refusal')
  return (
    <StageView
      name={words.path.stage.decision}
      mark={mark}
      evidence={
        mark === 'done' ? (
          <>
            <span className={outcome === 'refused' ? 'font-[550] text-bad' : 'break-words text-text select-text'}>
              {outcome === 'refused' ? words.decide.refused : said?.text || words.decide.decided}
            </span>
            {said ? (
              <span className="text-faint">
                {' · '}
                {words.path.by(said.actor)} · <Time at={said.at} />
              </span>
            ) : null}
          </>
        ) : (
          leftOut(request, mark)
        )
      }
      actions={
        mark === 'now' || mark === 'later' ? (
          <>
            {mark === 'now' ? (
              <StepButton request={request} step="refuse" name="r" onClick={() => orders.ask({ kind: 'refuse' })}>
                {words.detail.refuse}
              </StepButton>
            ) : null}
            <StepButton request={request} step="decide" name="d" onClick={() => orders.ask({ kind: 'decide' })}>
              {words.decide.go}
            </StepButton>
          </>
        ) : undefined
      }
    >
      {mark === 'done' ? (
        outcome === 'refused' && said?.text ? (
          <p className="whitespace-pre-wrap break-words text-dim select-text">{said.text}</p>
        ) : null
      ) : mark === 'skipped' ? null : (
        <Sentence>{inTheWay(request, 'decide', mark, words.path.later.decision)}</Sentence>
      )}
      <Letters letters={refusals} />
    </StageView>
  )
}

export function AnswerStage({ request, mark, orders }: StageProps) {
  const { letters, state, closedAt } = request
  const now = useNow()
  const answers = letters.filter(({ kind }) => !/^(acknowledgement|code|extension|refusal|forward|change)/.test(kind))
  return (
    <StageView
      name={words.path.stage.answer}
      mark={mark}
      evidence={closedAt === null ? undefined : `${words.state.closed} ${exactTime(closedAt, now).toLowerCase()}`}
      actions={
        state === 'answered' || state === 'closed' ? undefined : (
          <StepButton request={request} step="answer" name="d" onClick={() => orders.ask({ kind: 'answer' })}>
            {words.answer.go}
          </StepButton>
        )
      }
    >
      {state === 'answered' ? (
        <Note tone="plain" className="mt-1.5">
          {words.answer.onTheWay}
        </Note>
      ) : answers.length === 0 && mark !== 'skipped' ? (
        <Sentence>{inTheWay(request, 'answer', mark, words.path.later.answer)}</Sentence>
      ) : null}
      <Letters letters={answers} />
    </StageView>
  )
}
