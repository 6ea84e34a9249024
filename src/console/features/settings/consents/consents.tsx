/** Consents to mailings: who agreed to what, since when, and who took it back. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Mails } from 'lucide-react'
import { useMemo, useState } from 'react'
import type { ConsentView } from '../../../../contract/policy.ts'
import { problemOf, useApi, useUser } from '../../../api.ts'
import { count, shortDate, shortTime, utcTime } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Segments } from '../../../ui/choice.tsx'
import { inputClass } from '../../../ui/field.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../../ui/state.tsx'
import { tableClass } from '../../../ui/table.ts'
import { Card, SectionHead } from '../section.tsx'
import { SendMailing } from './mailing.tsx'
import { RecordConsent, WithdrawConsent } from './record.tsx'

const words = text.settings.consents

const CONSENTS_MS = 10_000
/** rows at a time: a table of thousands would be slow to draw */
const STEP = 100

const shows = ['standing', 'withdrawn', 'all'] as const
type Show = (typeof shows)[number]

type Asked = { kind: 'record' } | { kind: 'send' } | { kind: 'withdraw'; consent: ConsentView }

export function Consents() {
  const { queries } = useApi()
  const { role } = useUser()
  const mayRecord = role === 'admin' || role === 'reviewer'
  const [asked, setAsked] = useState<Asked>()
  const consents = useQuery(queries.policy.consents.queryOptions({ input: {}, refetchInterval: CONSENTS_MS }))
  const close = (): void => setAsked(undefined)
  return (
    <>
      <SectionHead
        title={words.title}
        help={words.help}
        action={
          <div className="flex gap-2">
            {mayRecord ? <Button onClick={() => setAsked({ kind: 'record' })}>{words.record}</Button> : null}
            {role === 'admin' ? (
              <Button disabled={!consents.data} onClick={() => setAsked({ kind: 'send' })}>
                {words.send}
              </Button>
            ) : null}
          </div>
        }
      />
      {consents.isError ? (
        <ProblemNote {...problemOf(consents.error)} onRetry={() => void consents.refetch()} className="mb-3" />
      ) : null}
      {consents.data ? (
        <ConsentList
          consents={consents.data}
          onWithdraw={mayRecord ? (consent) => setAsked({ kind: 'withdraw', consent }) : undefined}
        />
      ) : consents.isError ? null : (
        <SkeletonLines lines={6} />
      )}
      {asked?.kind === 'record' ? <RecordConsent consents={consents.data ?? []} onClose={close} /> : null}
      {asked?.kind === 'send' && consents.data ? <SendMailing consents={consents.data} onClose={close} /> : null}
      {asked?.kind === 'withdraw' ? <WithdrawConsent consent={asked.consent} onClose={close} /> : null}
    </>
  )
}

interface ConsentListProps {
  consents: readonly ConsentView[]
  onWithdraw: ((consent: ConsentView) => void) | undefined
}

function ConsentList({ consents, onWithdraw }: ConsentListProps) {
  const [show, setShow] = useState<Show>('standing')
  const [purpose, setPurpose] = useState('')
  const [account, setAccount] = useState('')
  const [most, setMost] = useState(STEP)
  const purposes = useMemo(() => [...new Set(consents.map((each) => each.purpose))].toSorted(), [consents])
  const accounts = useMemo(() => [...new Set(consents.map((each) => each.account))].toSorted(), [consents])
  const fitting = useMemo(
    () =>
      consents.filter(
        (each) =>
          (show === 'all' || (each.withdrawnAt === null) === (show === 'standing')) &&
          (purpose === '' || each.purpose === purpose) &&
          (account === '' || each.account === account),
      ),
    [consents, show, purpose, account],
  )
  if (consents.length === 0) {
    return (
      <Card>
        <Empty icon={<Mails size={26} strokeWidth={1.4} />} title={words.none} help={words.noneHelp} />
      </Card>
    )
  }
  return (
    <>
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Segments
          label={words.show}
          value={show}
          onChange={setShow}
          options={shows.map((value) => ({ value, label: words.shows[value] }))}
        />
        <Choice label={words.purpose} every={words.everyPurpose} value={purpose} all={purposes} onChange={setPurpose} />
        <Choice label={words.account} every={words.everyAccount} value={account} all={accounts} onChange={setAccount} />
        <span className="num ml-auto text-faint" aria-live="polite">
          {words.counted(fitting.length, count(fitting.length))}
        </span>
      </div>
      <Card>
        {fitting.length === 0 ? (
          <p className="px-4 py-3 text-dim">{words.noneFits}</p>
        ) : (
          <ConsentTable consents={fitting.slice(0, most)} onWithdraw={onWithdraw} />
        )}
      </Card>
      {fitting.length > most ? (
        <Button className="mt-2" onClick={() => setMost(most + STEP)}>
          {words.more(count(Math.min(STEP, fitting.length - most)))}
        </Button>
      ) : null}
    </>
  )
}

interface ChoiceProps {
  label: string
  every: string
  value: string
  all: readonly string[]
  onChange: (value: string) => void
}

function Choice({ label, every, value, all, onChange }: ChoiceProps) {
  return (
    <select
      aria-label={label}
      value={value}
      onChange={(event) => onChange(event.target.value)}
      className={`${inputClass} w-44! pr-1`}
    >
      <option value="">{every}</option>
      {all.map((each) => (
        <option key={each} value={each}>
          {each}
        </option>
      ))}
    </select>
  )
}

function ConsentTable({ consents, onWithdraw }: ConsentListProps) {
  return (
    <table className={`${tableClass} [&_td]:py-1`}>
      <thead>
        <tr>
          <th scope="col">{words.column.account}</th>
          <th scope="col">{words.column.address}</th>
          <th scope="col">{words.column.purpose}</th>
          <th scope="col">{words.column.given}</th>
          <th scope="col">{words.column.state}</th>
          {onWithdraw ? (
            <th scope="col">
              <span className="sr-only">{words.withdraw}</span>
            </th>
          ) : null}
        </tr>
      </thead>
      <tbody>
        {consents.map((consent) => (
          <ConsentRow key={consent.id} consent={consent} onWithdraw={onWithdraw} />
        ))}
      </tbody>
    </table>
  )
}

interface ConsentRowProps {
  consent: ConsentView
  onWithdraw: ((consent: ConsentView) => void) | undefined
}

function ConsentRow({ consent, onWithdraw }: ConsentRowProps) {
  const { account, address, purpose, givenAt, source, withdrawnAt, withdrawnBy } = consent
  const now = Date.now()
  return (
    <tr className="hover:bg-row-hover">
      <td className="whitespace-nowrap">
        <Link to="/accounts/{-$name}" params={{ name: account }} className="hover:underline">
          {account}
        </Link>
      </td>
      <td className="mono w-[26%] max-w-0 truncate select-text" title={address}>
        {address}
      </td>
      <td className="max-w-40 truncate" title={purpose}>
        {purpose}
      </td>
      <td className="w-[24%] max-w-0">
        <div className="num" title={utcTime(givenAt)}>
          {shortDate(givenAt)}
        </div>
        <div className="truncate text-faint text-sm" title={source}>
          {source}
        </div>
      </td>
      <td className="whitespace-nowrap">
        <span className="inline-flex items-center gap-1.5">
          <span aria-hidden className={`size-[7px] rounded-full ${withdrawnAt ? 'bg-faint' : 'bg-ok'}`} />
          {withdrawnAt ? words.withdrawn : words.stands}
        </span>
        {withdrawnAt ? (
          <div className="num text-faint text-sm" title={utcTime(withdrawnAt)}>
            {words.withdrawnAt(shortTime(withdrawnAt, now), withdrawnBy ?? '')}
          </div>
        ) : null}
      </td>
      {onWithdraw ? (
        <td className="text-right">
          {withdrawnAt ? null : (
            <Button small aria-label={words.withdrawOf(address, purpose)} onClick={() => onWithdraw(consent)}>
              {words.withdraw}
            </Button>
          )}
        </td>
      ) : null}
    </tr>
  )
}
