/** Announces a change: when it takes effect, the letter, and who gets it. */

import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { problemOf, useApi } from '../../../api.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { fromLocalInput, toLocalInput } from '../../../components/local-time.ts'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Field } from '../../../ui/field.tsx'
import { ScrollRegion } from '../../../ui/scroll.tsx'
import { SkeletonLines } from '../../../ui/state.tsx'
import { useRefreshedPolicy } from './data.ts'

const words = text.settings.versions.announcing

const HOUR_MS = 3_600_000
/** a fortnight: long enough to object, short enough to be remembered */
const AHEAD_MS = 14 * 24 * HOUR_MS

/** A full hour in two weeks. */
function firstMoment(): string {
  return toLocalInput(Math.ceil((Date.now() + AHEAD_MS) / HOUR_MS) * HOUR_MS)
}

export interface AnnounceProps {
  version: number
  onClose: () => void
}

export function Announce({ version, onClose }: AnnounceProps) {
  const { client, queries } = useApi()
  const refreshed = useRefreshedPolicy()
  const [written, setWritten] = useState(firstMoment)
  const effectiveAt = fromLocalInput(written)
  const draft = useQuery(
    queries.policy.previewNotice.queryOptions({
      input: { version, effectiveAt: effectiveAt ?? '' },
      enabled: effectiveAt !== undefined,
      placeholderData: keepPreviousData,
      gcTime: 0,
    }),
  )
  const announce = useMutation({
    mutationFn: (at: string) => client.policy.announce({ version, effectiveAt: at }),
    onSuccess: async () => {
      await refreshed()
      toast.success(words.done(count(version)))
      onClose()
    },
  })
  const letter = draft.isError ? undefined : draft.data
  const many = letter?.recipients.length ?? 0
  const problem = announce.error ?? draft.error
  const ready = effectiveAt !== undefined && letter !== undefined && !draft.isPlaceholderData && !announce.isPending
  return (
    <FormDialog
      title={words.title(count(version))}
      description={words.help}
      submit={many > 0 ? words.go(many, count(many)) : words.goNobody}
      wide
      ready={ready}
      problem={problem ? problemOf(problem) : undefined}
      onSubmit={() => effectiveAt && announce.mutate(effectiveAt)}
      onClose={onClose}
    >
      <Field
        label={words.at}
        type="datetime-local"
        className="w-64 grid-cols-[minmax(0,1fr)]"
        value={written}
        help={words.atHelp}
        problem={effectiveAt === undefined ? words.badAt : undefined}
        onChange={(event) => {
          setWritten(event.target.value)
          announce.reset()
        }}
      />
      <div className="rounded-md border border-line">
        {letter ? (
          <>
            <Recipients recipients={letter.recipients} />
            <div className="border-line-soft border-t px-3 py-2.5">
              <div className="font-[550]">{letter.subject}</div>
              <ScrollRegion label={words.letter} className="mt-1.5 max-h-[300px] overflow-y-auto">
                <p className="whitespace-pre-wrap break-words text-dim leading-[20px] select-text">{letter.text}</p>
              </ScrollRegion>
            </div>
          </>
        ) : draft.isError ? (
          <p className="px-3 py-2.5 text-dim">{text.common.dash}</p>
        ) : (
          <div className="p-3">
            <SkeletonLines lines={6} />
          </div>
        )}
      </div>
    </FormDialog>
  )
}

function Recipients({ recipients }: { recipients: readonly string[] }) {
  if (recipients.length === 0) return <p className="px-3 py-2 text-dim">{words.noAccounts}</p>
  return (
    <details className="px-3 py-2">
      <summary className="num font-[550]">
        {words.letter}{' '}
        <span className="font-normal text-dim">{words.to(recipients.length, count(recipients.length))}</span>
      </summary>
      <ScrollRegion label={words.who} className="mt-1 max-h-36 overflow-y-auto">
        <ul className="mono text-dim">
          {recipients.map((recipient) => (
            <li key={recipient} className="truncate">
              {recipient}
            </li>
          ))}
        </ul>
      </ScrollRegion>
    </details>
  )
}
