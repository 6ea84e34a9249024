/** Placing a legal hold: what it covers, and why. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { HoldScopeInput, HoldView } from '../../../contract/retention.ts'
import { useApi } from '../../api.ts'
import { count } from '../../format.ts'
import { fromLocalInput } from '../../parts/local-time.ts'
import { ReasonDialog } from '../../parts/reason-dialog.tsx'
import { text } from '../../text.ts'
import { Cards } from '../../ui/choice.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { useRefreshed } from './fresh.ts'

const words = text.retention.holds

type Kind = HoldScopeInput['kind']
const kinds: readonly Kind[] = ['account', 'address', 'period', 'message']

interface Written {
  kind: Kind
  account: string
  address: string
  since: string
  until: string
  message: string
}

const blank: Written = { kind: 'account', account: '', address: '', since: '', until: '', message: '' }

/** What is written, as a scope; undefined while something is missing. */
function scopeOf({ kind, account, address, since, until, message }: Written): HoldScopeInput | undefined {
  switch (kind) {
    case 'account':
      return account ? { kind, account } : undefined
    case 'address':
      return address.trim() ? { kind, address: address.trim() } : undefined
    case 'message':
      return message.trim() ? { kind, message: message.trim() } : undefined
    case 'period': {
      const from = fromLocalInput(since)
      const to = fromLocalInput(until)
      return from && to && from < to ? { kind, since: from, until: to } : undefined
    }
  }
}

export interface PlaceHoldProps {
  onClose: () => void
  onPlaced: (hold: HoldView) => void
}

export function PlaceHold({ onClose, onPlaced }: PlaceHoldProps) {
  const { client } = useApi()
  const refreshed = useRefreshed()
  const [written, setWritten] = useState(blank)
  const scope = scopeOf(written)
  const place = useMutation({
    mutationFn: ({ reason, covers }: { reason: string; covers: HoldScopeInput }) =>
      client.retention.placeHold({ scope: covers, reason }),
    onSuccess: async (hold) => {
      await refreshed()
      toast.success(words.placed(count(hold.id)))
      onPlaced(hold)
    },
  })
  return (
    <ReasonDialog
      wide
      title={words.placeTitle}
      help={words.placeHelp}
      reasonHelp={text.retention.reasonHelp}
      confirm={words.placeGo}
      ready={scope !== undefined}
      busy={place.isPending}
      error={place.error}
      onConfirm={(reason) => scope && place.mutate({ reason, covers: scope })}
      onClose={onClose}
    >
      <Cards
        label={words.scope}
        value={written.kind}
        onChange={(kind) => setWritten({ ...written, kind })}
        options={kinds.map((kind) => ({ value: kind, label: words.scopes[kind], help: words.scopeHelp[kind] }))}
      />
      <ScopeFields written={written} onChange={(part) => setWritten({ ...written, ...part })} />
    </ReasonDialog>
  )
}

interface ScopeFieldsProps {
  written: Written
  onChange: (part: Partial<Written>) => void
}

function ScopeFields({ written, onChange }: ScopeFieldsProps) {
  const { queries } = useApi()
  const accounts = useQuery(queries.accounts.list.queryOptions({ enabled: written.kind === 'account' }))
  switch (written.kind) {
    case 'account':
      return (
        <SelectField
          label={words.account}
          value={written.account}
          onChange={(event) => onChange({ account: event.target.value })}
          options={[
            { value: '', label: '' },
            ...(accounts.data ?? []).map(({ name }) => ({ value: name, label: name })),
          ]}
        />
      )
    case 'address':
      return (
        <Field
          label={words.address}
          mono
          type="email"
          maxLength={320}
          value={written.address}
          onChange={(event) => onChange({ address: event.target.value })}
        />
      )
    case 'message':
      return (
        <Field
          label={words.message}
          mono
          maxLength={40}
          value={written.message}
          onChange={(event) => onChange({ message: event.target.value })}
        />
      )
    case 'period': {
      const { since, until } = written
      return (
        <div className="grid grid-cols-2 gap-3">
          <Field
            label={words.since}
            type="datetime-local"
            className="grid-cols-[minmax(0,1fr)]"
            value={since}
            onChange={(event) => onChange({ since: event.target.value })}
          />
          <Field
            label={words.until}
            type="datetime-local"
            className="grid-cols-[minmax(0,1fr)]"
            value={until}
            problem={since && until && since >= until ? words.untilAfter : undefined}
            onChange={(event) => onChange({ until: event.target.value })}
          />
        </div>
      )
    }
  }
}
