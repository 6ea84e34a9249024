/** What a legal hold or demand covers: said in words, and chosen in a form. */

import { useQuery } from '@tanstack/react-query'
import type { HoldScopeInput } from '../../contract/retention.ts'
import { useApi } from '../api.ts'
import { momentInText } from '../format.ts'
import { text } from '../text.ts'
import { Cards } from '../ui/choice.tsx'
import { Field, SelectField } from '../ui/field.tsx'
import { fromLocalInput } from './local-time.ts'

const words = text.retention.holds

type Kind = HoldScopeInput['kind']
const kinds: readonly Kind[] = ['account', 'address', 'period', 'message']

/** A scope as far as it is written. */
export interface WrittenScope {
  kind: Kind
  account: string
  address: string
  since: string
  until: string
  message: string
}

export const blankScope: WrittenScope = { kind: 'account', account: '', address: '', since: '', until: '', message: '' }

/** What a scope covers, in words. */
export function scopeInText(scope: HoldScopeInput, now: number): string {
  switch (scope.kind) {
    case 'account':
      return words.of.account(scope.account)
    case 'address':
      return words.of.address(scope.address)
    case 'message':
      return words.of.message(scope.message)
    case 'period':
      return words.of.period(momentInText(scope.since, now), momentInText(scope.until, now))
  }
}

/** What is written, as a scope; undefined while something is missing. */
export function scopeOf({ kind, account, address, since, until, message }: WrittenScope): HoldScopeInput | undefined {
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

export interface ScopeFieldsProps {
  written: WrittenScope
  onChange: (written: WrittenScope) => void
}

/** The kind of scope as cards, and the fields it needs. */
export function ScopeFields({ written, onChange }: ScopeFieldsProps) {
  return (
    <>
      <Cards
        label={words.scope}
        value={written.kind}
        onChange={(kind) => onChange({ ...written, kind })}
        options={kinds.map((kind) => ({ value: kind, label: words.scopes[kind], help: words.scopeHelp[kind] }))}
      />
      <KindFields written={written} onChange={onChange} />
    </>
  )
}

function KindFields({ written, onChange }: ScopeFieldsProps) {
  const { queries } = useApi()
  const accounts = useQuery(queries.accounts.list.queryOptions({ enabled: written.kind === 'account' }))
  const set = (part: Partial<WrittenScope>): void => onChange({ ...written, ...part })
  switch (written.kind) {
    case 'account':
      return (
        <SelectField
          label={words.account}
          value={written.account}
          onChange={(event) => set({ account: event.target.value })}
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
          onChange={(event) => set({ address: event.target.value })}
        />
      )
    case 'message':
      return (
        <Field
          label={words.message}
          mono
          maxLength={40}
          value={written.message}
          onChange={(event) => set({ message: event.target.value })}
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
            onChange={(event) => set({ since: event.target.value })}
          />
          <Field
            label={words.until}
            type="datetime-local"
            className="grid-cols-[minmax(0,1fr)]"
            value={until}
            problem={since && until && since >= until ? words.untilAfter : undefined}
            onChange={(event) => set({ until: event.target.value })}
          />
        </div>
      )
    }
  }
}
