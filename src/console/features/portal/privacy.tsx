/** The policy and what is announced, who gets data, and consent to mailings. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { ConsentView, PolicyVersionView } from '../../../contract/policy.ts'
import { diffLines } from '../../../model/diff.ts'
import { problemOf, useApi } from '../../api.ts'
import { count, longDay } from '../../format.ts'
import { text } from '../../text.ts'
import { Note } from '../../ui/note.tsx'
import { Answer, Card, Fact, Part, PortalPage } from './page.tsx'
import { Toggle } from './toggle.tsx'

const words = text.panel.privacy

export function PrivacyPage() {
  const { queries } = useApi()
  const policy = useQuery(queries.own.policy.queryOptions())
  const { current, announced } = policy.data ?? {}
  return (
    <PortalPage title={words.title} help={words.help}>
      {current && announced ? <Announced current={current} next={announced} /> : null}
      <Mailings />
      <Sharing />
      <Part title={words.policy}>
        <Answer of={policy} lines={6}>
          {(data) => <Policy policy={data.current} />}
        </Answer>
      </Part>
    </PortalPage>
  )
}

function Policy({ policy }: { policy: PolicyVersionView }) {
  const { version, owner, keepDays, effectiveAt, preparedAt } = policy
  return (
    <Card>
      <dl>
        <Fact name={words.version}>{words.since(count(version), longDay(effectiveAt ?? preparedAt))}</Fact>
        <Fact name={words.owner}>
          <span className="whitespace-pre-wrap">{owner}</span>
        </Fact>
        <Fact name={words.days}>{words.keepDays(count(keepDays))}</Fact>
      </dl>
      <PolicyText text={policy.text} />
    </Card>
  )
}

function PolicyText({ text: written }: { text: string }) {
  return <p className="whitespace-pre-wrap break-words border-line-soft border-t px-3.5 py-3 select-text">{written}</p>
}

/** What is going to change, and when. */
function Announced({ current, next }: { current: PolicyVersionView; next: PolicyVersionView }) {
  return (
    <Note tone="warning" title={words.announced(longDay(next.effectiveAt ?? next.preparedAt))}>
      <ul className="mt-1 list-disc pl-4">
        {next.keepDays === current.keepDays ? null : (
          <li>{words.announcedDays(count(current.keepDays), count(next.keepDays))}</li>
        )}
        {next.owner === current.owner ? null : <li>{words.announcedOwner(next.owner)}</li>}
        <li>
          {words.announcedWhy}: {next.reason}
        </li>
      </ul>
      {next.text === current.text ? null : (
        <details className="mt-2">
          <summary className="font-medium">{words.announcedText}</summary>
          <TextChanges before={current.text} after={next.text} />
        </details>
      )}
    </Note>
  )
}

/** Only the lines that change: the text in force stands below. */
function TextChanges({ before, after }: { before: string; after: string }) {
  const changed = diffLines(before.split('\n'), after.split('\n')).filter(
    ({ kind, text: line }) => kind !== 'same' && line.trim() !== '',
  )
  return (
    <ul className="mt-1 grid gap-1 rounded-md bg-panel px-3 py-2 select-text">
      {changed.map(({ kind, text: line }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of a change do not move
        <li key={index} className="break-words">
          {kind === 'out' ? (
            <del className="bg-bad-s text-bad">{line}</del>
          ) : (
            <ins className="bg-ok-s text-ok no-underline">{line}</ins>
          )}
        </li>
      ))}
    </ul>
  )
}

function Sharing() {
  const { queries } = useApi()
  const sharing = useQuery(queries.own.sharing.queryOptions())
  return (
    <Part title={words.sharing} help={words.sharingHelp}>
      <Answer of={sharing}>
        {(data) => (
          <Card>
            {data.length === 0 ? <p className="px-3.5 py-2.5 text-dim">{words.nobody}</p> : null}
            <ul>
              {data.map(({ who, as, what, where }) => (
                <li
                  key={`${who} ${as}`}
                  className="grid gap-x-4 border-line-soft border-t px-3.5 py-2 first:border-t-0 md:grid-cols-[minmax(0,1fr)_auto]"
                >
                  <span className="min-w-0 break-words">
                    <span className="mono">{who}</span> <span className="text-dim">· {as}</span>
                  </span>
                  <span className={where === 'elsewhere' ? 'text-wait' : 'text-dim'}>{where}</span>
                  <span className="text-dim">{what}</span>
                </li>
              ))}
            </ul>
          </Card>
        )}
      </Answer>
    </Part>
  )
}

function Mailings() {
  const { queries } = useApi()
  const purposes = useQuery(queries.own.purposes.queryOptions())
  const consents = useQuery(queries.own.consents.queryOptions())
  const both = {
    data: purposes.data && consents.data ? { purposes: purposes.data, consents: consents.data } : undefined,
    error: purposes.error ?? consents.error,
    isError: purposes.isError || consents.isError,
    refetch: () => Promise.all([purposes.refetch(), consents.refetch()]),
  }
  return (
    <Part title={words.consents} help={words.consentsHelp}>
      <Answer of={both}>
        {(data) => (
          <Card>
            {data.purposes.length === 0 ? <p className="px-3.5 py-2.5 text-dim">{words.noPurposes}</p> : null}
            <ul>
              {data.purposes.map((purpose) => (
                <Purpose
                  key={purpose}
                  purpose={purpose}
                  consents={data.consents.filter((consent) => consent.purpose === purpose)}
                />
              ))}
            </ul>
          </Card>
        )}
      </Answer>
    </Part>
  )
}

function Purpose({ purpose, consents }: { purpose: string; consents: readonly ConsentView[] }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const standing = consents.filter((consent) => consent.withdrawnAt === null)
  const set = useMutation({
    mutationFn: (given: boolean) => client.own.setConsent({ purpose, given }),
    onSuccess: (all, given) => {
      cache.setQueryData(queries.own.consents.queryKey(), all)
      toast.success(given ? words.gave(purpose) : words.withdrew(purpose))
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
  })
  return (
    <li className="flex items-center gap-3 border-line-soft border-t px-3.5 py-2.5 first:border-t-0">
      <div className="min-w-0 flex-1">
        <div className="font-medium">{purpose}</div>
        <div className="break-words text-dim">{sinceWhen(standing, consents)}</div>
      </div>
      <Toggle label={purpose} on={standing.length > 0} busy={set.isPending} onChange={(given) => set.mutate(given)} />
    </li>
  )
}

/** How it stands, in words. */
function sinceWhen(standing: readonly ConsentView[], all: readonly ConsentView[]): string {
  const [first] = standing
  if (first) {
    const addresses = [...new Set(standing.map(({ address }) => address))].join(', ')
    return `${words.givenAt(longDay(first.givenAt))}, ${words.addresses(addresses)}`
  }
  const last = all.reduce<string | null>(
    (latest, { withdrawnAt }) =>
      withdrawnAt !== null && (latest === null || withdrawnAt > latest) ? withdrawnAt : latest,
    null,
  )
  return last === null ? words.never : words.withdrawnAt(longDay(last))
}
