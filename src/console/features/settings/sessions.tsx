/** A table of sessions, each of which can be ended. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { SessionView } from '../../../contract/session.ts'
import { problemOf, useApi } from '../../api.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { tableClass } from '../../ui/table.ts'
import { Time } from '../../ui/time.tsx'

const words = text.settings.own

export interface SessionTableProps {
  sessions: readonly SessionView[]
  end: (session: SessionView) => Promise<unknown>
}

export function SessionTable({ sessions, end }: SessionTableProps) {
  const { queries } = useApi()
  const cache = useQueryClient()
  const ending = useMutation({
    mutationFn: end,
    onSuccess: async () => {
      toast.success(words.ended)
      await Promise.all([queries.session, queries.users].map((q) => cache.invalidateQueries({ queryKey: q.key() })))
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
  })
  return (
    <table className={tableClass}>
      <thead>
        <tr>
          <th scope="col">{words.where}</th>
          <th scope="col">{words.since}</th>
          <th scope="col">{words.seen}</th>
          <th scope="col">
            <span className="sr-only">{words.end}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {sessions.map((session) => {
          const where = [words.kind[session.kind], session.address === 'desktop' ? '' : session.address]
            .join(' ')
            .trim()
          return (
            <tr key={session.id}>
              <td>
                {where} {session.current ? <span className="text-faint">({words.current})</span> : null}
              </td>
              <td>
                <Time at={session.since} ago={false} />
              </td>
              <td>
                <Time at={session.seenAt} />
              </td>
              <td className="text-right">
                {session.current ? null : (
                  <Button
                    small
                    aria-label={words.endOf(where)}
                    disabled={ending.isPending}
                    onClick={() => ending.mutate(session)}
                  >
                    {words.end}
                  </Button>
                )}
              </td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
