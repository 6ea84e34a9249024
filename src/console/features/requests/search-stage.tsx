/** The search over everything: how far it is, what it found place by place, whose mail it was. */

import { Link } from '@tanstack/react-router'
import type { RequestDetail } from '../../../contract/requests.ts'
import { count, duration } from '../../format.ts'
import { Progress } from '../../parts/progress.tsx'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Note } from '../../ui/note.tsx'
import { useMayWork } from './data.ts'
import { isUndecided, obstacleOf, sendersOf } from './path.ts'
import type { StageProps } from './path-view.tsx'
import { Places } from './places.tsx'
import { Sentence, StageView } from './stage.tsx'
import { StepButton } from './step-button.tsx'

const words = text.requests.search

type Search = NonNullable<RequestDetail['search']>

export function SearchStage({ request, mark, orders, next }: StageProps) {
  const { search } = request
  const mayWork = useMayWork()
  const isRunning = search?.state === 'running'
  return (
    <StageView
      name={text.requests.path.stage.search}
      mark={mark}
      evidence={search?.state === 'done' ? <Took search={search} /> : undefined}
      actions={
        isRunning ? (
          mayWork ? (
            <Button small onClick={orders.cancelSearch}>
              {words.cancel}
            </Button>
          ) : undefined
        ) : isUndecided(request) ? (
          <StepButton request={request} step="search" name="s" primary={next === 'search'} onClick={orders.search}>
            {search === null ? words.go : words.again}
          </StepButton>
        ) : undefined
      }
    >
      {search === null ? (
        <Sentence>
          {mark === 'skipped'
            ? text.requests.path.leftOut
            : obstacleOf(request, 'search') || text.requests.path.later.search}
        </Sentence>
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
      <Places label={text.requests.path.stage.search} places={search.places} found={words.count} />
      {senders.length > 0 ? (
        <p className="mt-2 flex flex-wrap gap-x-3 gap-y-1">
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
