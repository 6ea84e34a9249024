/** Checkpoints: the state of the log, signed; where they are written to, and whether that goes well. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { toast } from 'sonner'
import type { Checkpoint } from '../../../contract/audit.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { count, shortTimeSeconds, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable, CopyButton } from '../../ui/copy.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { Card } from './card.tsx'
import { SetTarget } from './set-place.tsx'

const words = text.audit.proof.checkpoints
/** signed every hour: what is shown grows slowly */
const EVERY_MS = 30_000
const MOST = 200

export function Checkpoints() {
  const { client, queries } = useApi()
  const { role } = useUser()
  const cache = useQueryClient()
  const [setting, setSetting] = useState(false)
  const known = useQuery(queries.audit.checkpoints.queryOptions({ refetchInterval: EVERY_MS }))
  const sign = useMutation({
    mutationFn: () => client.audit.checkpoint(),
    onSuccess: async ({ sequence }) => {
      await cache.invalidateQueries({ queryKey: queries.audit.checkpoints.key() })
      toast.success(words.signed(count(sequence)))
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
  })
  return (
    <Card
      title={words.title}
      help={words.help}
      action={
        <Button disabled={sign.isPending} onClick={() => sign.mutate()}>
          {words.sign}
        </Button>
      }
    >
      {known.data === undefined ? (
        <div className="mt-3">
          {known.isError ? (
            <ProblemNote
              what={problemOf(known.error).what || words.failed}
              change={problemOf(known.error).change}
              onRetry={() => void known.refetch()}
            />
          ) : (
            <SkeletonLines lines={6} />
          )}
        </div>
      ) : (
        <>
          <Place place={known.data.place} onSet={role === 'admin' ? () => setSetting(true) : undefined} />
          {known.data.problem === null ? null : (
            <ProblemNote what={words.problem} change={known.data.problem} className="mt-2" />
          )}
          <CheckpointTable checkpoints={known.data.checkpoints} />
          {setting ? <SetTarget place={known.data.place} onClose={() => setSetting(false)} /> : null}
        </>
      )}
    </Card>
  )
}

interface PlaceProps {
  place: string | null
  /** absent for those who may not */
  onSet: (() => void) | undefined
}

function Place({ place, onSet }: PlaceProps) {
  return (
    <div className="mt-3 flex items-start gap-3 rounded-md bg-sunken px-3 py-2">
      <span className="shrink-0 text-faint">{words.place}</span>
      <span className="min-w-0 flex-1">
        {place === null ? words.noPlace : <Copyable value={place} what={words.place} className="max-w-full" />}
      </span>
      {onSet ? (
        <Button small onClick={onSet}>
          {place === null ? words.set : words.change}
        </Button>
      ) : null}
    </div>
  )
}

function CheckpointTable({ checkpoints }: { checkpoints: readonly Checkpoint[] }) {
  const now = Date.now()
  if (checkpoints.length === 0) return <p className="mt-3 text-dim">{words.none}</p>
  return (
    <>
      <table aria-label={words.list} className={`${tableClass} mt-2 table-fixed [&_td]:px-1.5 [&_th]:px-1.5`}>
        <thead>
          <tr>
            <th scope="col" className="w-[136px]">
              {words.at}
            </th>
            <th scope="col" className="w-[76px] text-right!">
              {words.sequence}
            </th>
            <th scope="col">{words.head}</th>
            <th scope="col" className="w-8">
              <span className="sr-only">{text.common.copy}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {checkpoints.map((checkpoint) => (
            <tr key={`${checkpoint.sequence} ${checkpoint.at}`}>
              <td className="num whitespace-nowrap text-dim" title={utcTime(checkpoint.at)}>
                {shortTimeSeconds(checkpoint.at, now)}
              </td>
              <td className="num text-right">
                <Link
                  to="/audit/{-$row}"
                  params={{ row: String(checkpoint.sequence) }}
                  search={{}}
                  className="hover:underline"
                >
                  {count(checkpoint.sequence)}
                </Link>
              </td>
              <td className="mono truncate text-dim" title={checkpoint.head}>
                {checkpoint.head}
              </td>
              <td>
                <CopyButton value={JSON.stringify(checkpoint)} label={text.common.copyOf(words.copy)} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {checkpoints.length >= MOST ? <p className="mt-2 text-faint text-sm">{words.most}</p> : null}
    </>
  )
}
