/** Writing down a request that came by hand, or an account's order for a third party's request. */

import { useState } from 'react'
import { toast } from 'sonner'
import type { RequestDetail } from '../../../contract/requests.ts'
import { type RequestKind, type RequestTrack, requestTracks } from '../../../model/request.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { fromLocalInput, toLocalInput } from '../../components/local-time.ts'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { AccountField, useAccountNames } from './account-field.tsx'
import { useMutationAction } from './data.ts'
import { sendersOf } from './path.ts'
import { KindField, SuppressBox } from './small-dialogs.tsx'

const words = text.requests.create

export interface NewRequestProps {
  /** the third party's request it is an order for */
  parent?: RequestDetail | undefined
  onClose: () => void
  onOpened: (id: number) => void
}

export function NewRequest({ parent, onClose, onOpened }: NewRequestProps) {
  const { client } = useApi()
  const [kind, setKind] = useState<RequestKind>(parent?.kind ?? 'deletion')
  const [track, setTrack] = useState<RequestTrack>(parent ? 'account' : 'third party')
  const [subject, setSubject] = useState(parent?.subject ?? '')
  const [account, setAccount] = useState(parent?.search ? (sendersOf(parent.search)[0]?.account ?? '') : '')
  const [number, setNumber] = useState(parent ? String(parent.id) : '')
  const [written, setWritten] = useState('')
  const [correction, setCorrection] = useState('')
  const [received, setReceived] = useState(() => toLocalInput(Date.now()))
  const [suppress, setSuppress] = useState(false)
  const names = useAccountNames()
  const ofAccount = track !== 'third party'
  const isKnown = names?.includes(account) ?? false
  const answers = track === 'account' && /^[1-9]\d{0,9}$/.test(number.trim()) ? Number(number) : undefined
  const isWhole = subject.trim().length >= 3 && subject.includes('@') && (!ofAccount || isKnown)
  const open = useMutationAction(
    () => {
      const receivedAt = fromLocalInput(received)
      // within this minute: now, as the relay's clock has it
      const isNow = receivedAt === undefined || Date.now() - Date.parse(receivedAt) < 120_000
      return client.requests.open({
        kind,
        track,
        subject: subject.trim(),
        ...(ofAccount ? { account } : {}),
        text: written.trim(),
        correction: kind === 'correction' ? correction.trim() : '',
        ...(isNow ? {} : { receivedAt }),
        ...(answers === undefined ? {} : { parent: answers }),
        suppress: (kind === 'deletion' || kind === 'objection') && suppress,
      })
    },
    ({ id }) => {
      toast.success(words.done(id))
      onOpened(id)
    },
  )
  return (
    <FormDialog
      title={words.title}
      description={words.help}
      submit={words.go}
      wide
      ready={isWhole && !open.isPending}
      problem={open.error ? problemOf(open.error) : undefined}
      onSubmit={() => open.mutate(undefined)}
      onClose={onClose}
    >
      <div className="grid grid-cols-[minmax(0,1fr)_200px] gap-3">
        <Field
          label={words.subject}
          help={words.subjectHelp}
          mono
          type="email"
          value={subject}
          maxLength={320}
          autoComplete="off"
          autoFocus
          onChange={(event) => setSubject(event.target.value)}
        />
        <KindField label={words.kind} value={kind} onChange={setKind} />
      </div>
      <Cards
        label={words.track}
        columns={3}
        value={track}
        options={requestTracks.map((value) => ({
          value,
          label: text.requests.trackTitle[value],
          help: text.requests.trackHelp[value],
        }))}
        onChange={setTrack}
      />
      <div className="grid grid-cols-2 gap-3">
        {ofAccount ? (
          <AccountField
            label={words.account}
            {...(account === '' ? { help: words.accountNeeded } : {})}
            value={account}
            onChange={setAccount}
          />
        ) : null}
        <Field
          label={words.received}
          help={words.receivedHelp}
          type="datetime-local"
          max={toLocalInput(Date.now())}
          value={received}
          onChange={(event) => setReceived(event.target.value)}
        />
        {track === 'account' ? (
          <Field
            label={`${words.parent} (${text.common.optional})`}
            help={words.parentHelp}
            inputMode="numeric"
            value={number}
            className="col-span-2"
            onChange={(event) => setNumber(event.target.value)}
          />
        ) : null}
      </div>
      {kind === 'correction' ? (
        <Field
          label={words.correction}
          value={correction}
          maxLength={2000}
          onChange={(event) => setCorrection(event.target.value)}
        />
      ) : null}
      <TextAreaField
        label={`${words.text} (${text.common.optional})`}
        value={written}
        maxLength={20_000}
        onChange={(event) => setWritten(event.target.value)}
      />
      {kind === 'deletion' || kind === 'objection' ? <SuppressBox checked={suppress} onChange={setSuppress} /> : null}
    </FormDialog>
  )
}
