/** The own requests: the list, and the one that is open beside it. */

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { FileQuestionMark, Plus } from 'lucide-react'
import type { PortalRequest } from '../../../contract/portal.ts'
import { useApi } from '../../api.ts'
import { shortDate } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { useKeys } from '../../ui/keys.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { Split } from '../../ui/split.tsx'
import { Empty } from '../../ui/state.tsx'
import { DaysLeft } from './clock.tsx'
import { NewRequest } from './new-request.tsx'
import { Answer } from './page.tsx'
import { RequestDetail } from './request-detail.tsx'

const words = text.panel.requests

export function RequestsPage() {
  const { queries } = useApi()
  const navigate = useNavigate()
  const { id: written } = useParams({ from: '/own/requests/{-$id}' })
  const { ask } = useSearch({ from: '/own/requests/{-$id}' })
  const id = written !== undefined && /^\d{1,15}$/.test(written) ? Number(written) : undefined
  const requests = useQuery(queries.own.requests.queryOptions())
  const account = useQuery(queries.own.account.queryOptions())
  const go = (next: number | undefined, search = {}): void =>
    void navigate({
      to: '/own/requests/{-$id}',
      params: { id: next === undefined ? undefined : String(next) },
      search,
    })
  const move = (delta: number): void => {
    const all = requests.data ?? []
    const at = all.findIndex((request) => request.id === id)
    const next = all[Math.max(0, Math.min(at + delta, all.length - 1))]
    if (next) go(next.id)
  }
  const mayAsk = account.data?.status !== 'closed'
  const create = (): void => go(id, { ask: 'access' })
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    Escape: () => id !== undefined && go(undefined),
    c: () => mayAsk && create(),
  })
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{words.title}</h1>
      <div
        className={classes(
          'flex items-center gap-3 border-line border-b bg-panel px-3.5 py-[9px]',
          id !== undefined && 'max-md:hidden',
        )}
      >
        <span aria-hidden className="font-semibold">
          {words.title}
        </span>
        <span className="min-w-0 flex-1 text-dim text-sm leading-4">{words.help}</span>
        {mayAsk ? (
          <Button kind="primary" onClick={create}>
            <Plus size={14} />
            {words.create}
          </Button>
        ) : null}
      </div>
      <Split
        name="own-requests"
        label={words.title}
        first={520}
        main={
          <ScrollRegion label={words.list} className="min-h-0 flex-1 overflow-y-auto bg-panel">
            <div className={requests.data ? undefined : 'p-4'}>
              <Answer of={requests} lines={5}>
                {(data) =>
                  data.length === 0 ? (
                    <Empty
                      icon={<FileQuestionMark size={26} strokeWidth={1.4} />}
                      title={words.none}
                      help={words.noneHelp}
                    />
                  ) : (
                    <List requests={data} current={id} />
                  )
                }
              </Answer>
            </div>
          </ScrollRegion>
        }
        side={id === undefined ? undefined : <RequestDetail key={id} id={id} onClose={() => go(undefined)} />}
      />
      {ask ? <NewRequest kind={ask} onClose={() => go(id)} onOpened={(opened) => go(opened)} /> : null}
    </div>
  )
}

function List({ requests, current }: { requests: readonly PortalRequest[]; current: number | undefined }) {
  return (
    <ul>
      {requests.map((request) => (
        <li key={request.id}>
          <Link
            to="/own/requests/{-$id}"
            params={{ id: String(request.id) }}
            search={{}}
            aria-current={request.id === current ? 'true' : undefined}
            className={classes(
              'grid gap-0.5 border-line-soft border-b px-3.5 py-2 focus-visible:outline-offset-[-2px]',
              request.id === current ? 'bg-row-on' : 'hover:bg-row-hover',
            )}
          >
            <span className="flex items-center gap-2">
              <span className="min-w-0 flex-1 truncate font-medium">{words.kind[request.kind]}</span>
              <DaysLeft request={request} />
            </span>
            <span className="flex items-center gap-1.5 text-dim">
              <span className="min-w-0 flex-1 truncate">
                {request.track === 'holder' ? words.own : <span className="mono">{request.subject}</span>}
              </span>
              <span className="num shrink-0 text-faint text-sm">
                {words.state[request.state]} · {shortDate(request.receivedAt)}
              </span>
            </span>
          </Link>
        </li>
      ))}
    </ul>
  )
}
