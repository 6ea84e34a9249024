/** Narrows a list to an account: it takes effect with a name there is, with Enter, or emptied. */

import { useId } from 'react'
import { inputClass } from '../ui/field.tsx'

export interface AccountSearchProps {
  label: string
  placeholder: string
  /** names of all accounts; undefined until they are read */
  names: readonly string[] | undefined
  value: string | undefined
  onChoose: (name: string) => void
  className: string
}

export function AccountSearch({ label, placeholder, names, value = '', onChoose, className }: AccountSearchProps) {
  const list = useId()
  return (
    <>
      <input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        list={list}
        defaultValue={value}
        key={value}
        autoComplete="off"
        onChange={(event) => {
          const next = event.target.value.trim()
          if (next === '' || names?.includes(next)) onChoose(next)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter') onChoose(event.currentTarget.value.trim())
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
        className={`${inputClass} w-auto! flex-1 border-line! ${className}`}
      />
      <datalist id={list}>
        {names?.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
    </>
  )
}
