/** The name of an account, with those there are as suggestions. */

import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useApi } from '../../api.ts'
import { text } from '../../text.ts'
import { Field, type FieldProps } from '../../ui/field.tsx'

/** Names of all accounts; undefined until they are read. */
export function useAccountNames(): readonly string[] | undefined {
  const { queries } = useApi()
  return useQuery(queries.accounts.list.queryOptions({ staleTime: 60_000 })).data?.map(({ name }) => name)
}

export interface AccountFieldProps extends Omit<FieldProps, 'onChange' | 'value' | 'list'> {
  value: string
  onChange: (name: string) => void
}

export function AccountField({ value, onChange, ...rest }: AccountFieldProps) {
  const list = useId()
  const names = useAccountNames()
  const isKnown = value === '' || names === undefined || names.includes(value)
  return (
    <div className="min-w-0">
      <Field
        list={list}
        value={value}
        autoComplete="off"
        problem={isKnown ? undefined : text.requests.noSuchAccount(value)}
        onChange={(event) => onChange(event.target.value.trim())}
        {...rest}
      />
      <datalist id={list}>
        {names?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </div>
  )
}
