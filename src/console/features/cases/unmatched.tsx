/** Signals nobody could match to an account: a person says whose they are, or that they say nothing. */

import { useQuery } from '@tanstack/react-query'
import { CircleHelp } from 'lucide-react'
import { useId, useState } from 'react'
import { toast } from 'sonner'
import type { SignalView } from '../../../contract/signals.ts'
import { isUnderReview } from '../../../model/case.ts'
import { problemOf, useApi } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Cards } from '../../ui/choice.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { Time } from '../../ui/time.tsx'
import { useMutationAction, useUnmatched } from './data.ts'
import { Records } from './records.tsx'

const words = text.review.unmatched

/** lines shown at once; the rest is counted */
const SHOWN = 20

export function Unmatched() {
  const mayWork = useMayWork()
  const [looking, setLooking] = useState<SignalView>()
  const found = useUnmatched().data?.signals ?? []
  if (found.length === 0) return null
  return (
    <section aria-label={words.title} className="border-line border-b px-3.5 pt-2.5 pb-2">
      <h2 className="section-title mb-1">
        {words.title} <span className="font-normal">· {words.help}</span>
      </h2>
      <ul className="grid max-h-40 overflow-y-auto">
        {found.slice(0, SHOWN).map((signal) => (
          <li key={signal.id} className="flex min-h-8 items-center gap-2 px-1.5">
            <CircleHelp size={14} className="shrink-0 text-wait" aria-hidden />
            <span className="shrink-0 font-[550]">{text.review.evidence.signal[signal.kind]}</span>
            <span className="min-w-0 flex-1 truncate text-dim" title={signal.summary}>
              {signal.summary}
            </span>
            <span className="shrink-0 text-faint text-sm">
              <Time at={signal.at} />
            </span>
            {mayWork ? (
              <Button small aria-label={words.pollOne(signal.id)} onClick={() => setLooking(signal)}>
                {words.look}
              </Button>
            ) : null}
          </li>
        ))}
        {found.length > SHOWN ? (
          <li className="px-1.5 text-faint text-sm">{words.more(count(found.length - SHOWN))}</li>
        ) : null}
      </ul>
      {looking ? <Look signal={looking} onClose={() => setLooking(undefined)} /> : null}
    </section>
  )
}

/** What a person makes of a signal. */
type Way = 'assign' | 'dismiss'

function Look({ signal, onClose }: { signal: SignalView; onClose: () => void }) {
  const { client } = useApi()
  const [way, setWay] = useState<Way>('assign')
  const [account, setAccount] = useState('')
  const [file, setFile] = useState('')
  const [reason, setReason] = useState('')
  const order = useMutationAction(
    () =>
      way === 'assign'
        ? client.signals.assign({ id: signal.id, account, ...(file ? { case: Number(file) } : {}) })
        : client.signals.dismiss({ id: signal.id, reason: reason.trim() }),
    () => {
      toast.success(way === 'assign' ? words.assigned(account) : words.dismissed)
      onClose()
    },
  )
  const filled = way === 'assign' ? account !== '' : reason.trim() !== ''
  return (
    <FormDialog
      title={words.dialog(signal.id)}
      submit={words.go[way]}
      wide
      ready={filled && !order.isPending}
      problem={order.error ? problemOf(order.error) : undefined}
      onSubmit={() => order.mutate(undefined)}
      onClose={onClose}
    >
      <Said signal={signal} />
      <Cards
        label={words.choice}
        value={way}
        options={(['assign', 'dismiss'] as const).map((value) => ({ value, ...words.ways[value] }))}
        onChange={setWay}
      />
      {way === 'assign' ? (
        <Owner
          account={account}
          file={file}
          onAccount={(next) => {
            setAccount(next)
            setFile('')
          }}
          onFile={setFile}
        />
      ) : (
        <Field
          label={text.common.reason}
          help={words.reasonHelp}
          value={reason}
          maxLength={1000}
          required
          onChange={(event) => setReason(event.target.value)}
        />
      )}
    </FormDialog>
  )
}

/** The signal, with the records behind it. */
function Said({ signal }: { signal: SignalView }) {
  const { kind, weight, summary, at, times, source, messages } = signal
  const evidence = text.review.evidence
  return (
    <div className="grid gap-0.5 rounded-md bg-sunken px-3 py-2.5">
      <div className="flex items-baseline gap-2">
        <span className="font-[550]">{evidence.signal[kind]}</span>
        {times > 1 ? <span className="num text-faint text-sm">{evidence.times(count(times))}</span> : null}
        <span className="num ml-auto text-faint text-sm">{evidence.weight(count(weight))}</span>
      </div>
      <p className="text-dim select-text">{summary}</p>
      <p className="text-faint text-sm">
        <Time at={at} /> · {evidence.source(source)}
        {messages.length === 0 ? ` · ${words.noRecords}` : null}
      </p>
      <Records messages={messages} />
    </div>
  )
}

interface OwnerProps {
  account: string
  /** number of the case as written; empty for none */
  file: string
  onAccount: (account: string) => void
  onFile: (file: string) => void
}

/** Whose the signal is, and which of the account's cases it is evidence in. */
function Owner({ account, file, onAccount, onFile }: OwnerProps) {
  const { queries } = useApi()
  const list = useId()
  const accounts = useQuery(queries.accounts.list.queryOptions())
  const isKnown = accounts.data?.some(({ name }) => name === account) ?? false
  const cases = useQuery(queries.cases.list.queryOptions({ input: { account, status: 'active' }, enabled: isKnown }))
  const open = (isKnown ? cases.data?.cases : undefined)?.filter(({ status }) => isUnderReview(status)) ?? []
  return (
    <div className="grid grid-cols-2 gap-3">
      <Field
        label={text.review.account}
        list={list}
        value={account}
        autoComplete="off"
        problem={account !== '' && accounts.data && !isKnown ? text.review.noSuchAccount(account) : undefined}
        onChange={(event) => onAccount(event.target.value.trim())}
      />
      <datalist id={list}>
        {accounts.data?.map(({ name }) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <SelectField
        label={words.file}
        value={file}
        options={[
          { value: '', label: words.noFile },
          ...open.map(({ id, reason }) => ({ value: String(id), label: words.fileOf(id, reason) })),
        ]}
        onChange={(event) => onFile(event.target.value)}
      />
    </div>
  )
}
