/** The search over everything: how far it is, what it found place by place, whose mail it was. */

import { Link } from '@tanstack/react-router'
import type { RequestDetail } from '../../../contract/requests.ts'
import { useMayWork } from '../../components/desk.ts'
import { Progress } from '../../components/progress.tsx'
import { count, duration } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { isUndecided, sendersOf } from './path.ts'
import { Sentence, StageView } from './stage.tsx'
import type { StageProps } from './stage-props.ts'
import { inTheWay, leftOut } from './stages.tsx'
import { StepButton } from './step-button.tsx'

const words = text.requests.search

type Search = NonNullable<RequestDetail['search']>

export function SearchStage({ request, mark, orders }: StageProps) {
  const { search } = request
  const mayWork = useMayWork()
  const isRunning = search?.state === 'running'
  return (
    <StageView
      name={text.requests.path.stage.search}
      mark={mark}
      evidence={search?.state === 'done' ? <Took search={search} /> : leftOut(request, mark)}
      actions={
        isRunning ? (
          mayWork ? (
            <Button small onClick={orders.cancelSearch}>
              {words.cancel}
            </Button>
          ) : undefined
        ) : isUndecided(request) ? (
          <StepButton request={request} step="search" name="s" onClick={orders.search}>
            {search === null ? words.go : words.again}
          </StepButton>
        ) : undefined
      }
    >
      {search === null ? (
        mark === 'skipped' ? null : (
          <Sentence>{inTheWay(request, 'search', mark, text.requests.path.later.search)}</Sentence>
        )
      ) : isRunning ? (
        <Progress
          words={search.total > 0 ? words.running(count(search.done), count(search.total)) : words.preparing}
          share={search.total > 0 ? Math.min(1, search.done / search.total) : undefined}
          since={Date.parse(search.startedAt)}
        />
      ) : search.state === 'done' ? (
        <Found search={search} />
      ) : (
        <Note tone={search.state === 'failed' ? 'bad' : 'plain'} className="mt-1.5">
          {search.state === 'failed' ? search.problem || words.failed : words.cancelled}
        </Note>
      )}
    </StageView>
  )
}

function total({ places }: Search): number {
  return places.reduce((sum, place) => sum + place.count, 0)
}

function Took({ search }: { search: Search }) {
  const all = total(search)
  const seconds = search.endedAt === null ? 0 : (Date.parse(search.endedAt) - Date.parse(search.startedAt)) / 1000
  return (
    <>
      <span className="text-text">{all === 0 ? words.nothing : words.found(all, count(all))}</span>
      {seconds >= 1 ? <span className="text-faint"> · {words.took(duration(seconds))}</span> : null}
    </>
  )
}

function Found({ search }: { search: Search }) {
  const senders = sendersOf(search)
  return (
    <>
      <Counts places={search.places} />
      {senders.length > 0 ? (
        <p className="mt-1 flex flex-wrap gap-x-3 gap-y-1">
          <span className="text-faint">{words.accounts}</span>
          {senders.map(({ account, records }) => (
            <span key={account}>
              <Link
                to="/accounts/{-$name}"
                params={{ name: account }}
                search={{}}
                className="font-[550] text-accent hover:underline"
              >
                {account}
              </Link>{' '}
              <span className="num text-dim">{words.records(records, count(records))}</span>
            </span>
          ))}
        </p>
      ) : null}
    </>
  )
}

/** How much each place holds; the empty ones in one sentence. */
function Counts({ places }: { places: Search['places'] }) {
  const full = places.filter((place) => place.count > 0)
  const empty = places.filter((place) => place.count === 0)
  return (
    <>
      <ul aria-label={text.requests.path.stage.search} className="mt-1 flex flex-wrap gap-x-4 gap-y-0.5">
        {full.map(({ place, count: all, excepted, why }) => (
          <li key={place} className="num">
            <b className="font-[550]">{count(all)}</b> {place}
            {excepted > 0 ? (
              <span title={why} className="text-wait">
                {' '}
                {words.stays(count(excepted))}
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {empty.length > 0 ? (
        <p className="text-faint text-sm">{words.empty(empty.map(({ place }) => place).join(', '))}</p>
      ) : null}
    </>
  )
}
