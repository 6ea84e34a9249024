/** The filter: chips for what is understood, words for the rest, suggestions while typing. */

import { Search, X } from 'lucide-react'
import { type KeyboardEvent, type RefObject, useEffect, useId, useRef, useState } from 'react'
import type { FilterToken } from '../../model/filter.ts'
import { text } from '../text.ts'
import { classes } from '../ui/classes.ts'
import { Key } from '../ui/key.tsx'
import {
  absorb,
  accept,
  joinWritten,
  type Suggestion,
  splitWritten,
  suggest,
  type Vocabulary,
  writeToken,
} from './filter-words.ts'

export interface FilterBarProps {
  written: string
  onChange: (written: string) => void
  /** for completion */
  vocabulary: Vocabulary
  /** shown while nothing is written */
  placeholder: string
  /** the token that cannot be used, as `key:value` */
  badToken: string | undefined
  input: RefObject<HTMLInputElement | null>
}

/** Wait after the last key before words are searched, in milliseconds. */
const PAUSE = 180

export function FilterBar({ written, onChange, vocabulary, placeholder, badToken, input }: FilterBarProps) {
  const { chips, words } = splitWritten(written)
  const [draft, setDraft] = useState(words)
  const [active, setActive] = useState(-1)
  const [open, setOpen] = useState(false)
  const committed = useRef(written)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const listId = useId()
  const suggestions = open ? suggest(draft, vocabulary) : []

  useEffect(() => {
    // somebody else has changed the filter: the palette, a saved filter, the back button
    if (committed.current !== written) setDraft(splitWritten(written).words)
    committed.current = written
  }, [written])
  useEffect(() => () => clearTimeout(timer.current), [])

  const commit = (nextChips: readonly FilterToken[], nextWords: string): void => {
    clearTimeout(timer.current)
    const next = joinWritten(nextChips, nextWords)
    committed.current = next
    if (next !== written) onChange(next)
  }
  const type = (next: string): void => {
    const { chips: fresh, rest } = absorb(next)
    setDraft(rest)
    setActive(-1)
    setOpen(true)
    clearTimeout(timer.current)
    // a key without its value yet is no word to search for
    const unfinished = /(?:^|\s)[a-z-]+[:<>]\S*$/i.test(rest)
    if (fresh.length > 0) commit([...chips, ...fresh], rest)
    else if (!unfinished) timer.current = setTimeout(() => commit(chips, rest), PAUSE)
  }
  const take = (suggestion: Suggestion): void => {
    type(accept(draft, suggestion))
    input.current?.focus()
  }
  const finish = (): void => {
    const { chips: fresh, rest } = absorb(`${draft} `)
    setDraft(rest.trim())
    setOpen(false)
    commit([...chips, ...fresh], rest)
  }
  const remove = (index: number): void => {
    commit(chips.toSpliced(index, 1), draft)
    input.current?.focus()
  }
  const edit = (index: number): void => {
    const chip = chips[index]
    if (!chip) return
    setDraft([draft, writeToken(chip)].filter(Boolean).join(' '))
    commit(chips.toSpliced(index, 1), draft)
    input.current?.focus()
  }
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>): void => {
    const highlighted = suggestions[active]
    if (event.key === 'ArrowDown' && suggestions.length > 0) setActive((active + 1) % suggestions.length)
    else if (event.key === 'ArrowUp' && suggestions.length > 0) {
      setActive((active + suggestions.length - 1) % suggestions.length)
    } else if (event.key === 'Tab' && suggestions.length > 0 && !event.shiftKey) take(highlighted ?? suggestions[0]!)
    else if (event.key === 'Enter') highlighted ? take(highlighted) : finish()
    else if (event.key === 'Escape') suggestions.length > 0 ? setOpen(false) : input.current?.blur()
    else if (event.key === 'Backspace' && draft === '' && chips.length > 0) edit(chips.length - 1)
    else return
    event.preventDefault()
  }

  return (
    <search className="relative min-w-0 flex-1">
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a click beside the words goes to the words */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the input is reached by Tab */}
      <div
        onClick={(event) => event.target === event.currentTarget && input.current?.focus()}
        className={classes(
          'flex min-h-[30px] flex-wrap items-center gap-1 rounded-md border bg-bg py-[3px] pr-2 pl-2',
          'focus-within:border-accent focus-within:bg-panel',
          badToken ? 'border-bad' : 'border-line',
        )}
      >
        <Search size={14} className="mr-0.5 shrink-0 text-faint" aria-hidden />
        {chips.map((chip, index) => (
          <Chip
            key={`${chip.key}${chip.value}`}
            chip={chip}
            bad={badToken === `${chip.key}:${chip.value}`}
            onEdit={() => edit(index)}
            onRemove={() => remove(index)}
          />
        ))}
        <input
          ref={input}
          role="combobox"
          aria-label={text.filter.title}
          aria-expanded={suggestions.length > 0}
          aria-controls={listId}
          aria-autocomplete="list"
          aria-activedescendant={suggestions[active] ? `${listId}-${active}` : undefined}
          spellCheck={false}
          autoComplete="off"
          value={draft}
          placeholder={chips.length === 0 ? placeholder : undefined}
          onChange={(event) => type(event.target.value)}
          onKeyDown={onKeyDown}
          onFocus={() => setOpen(true)}
          onBlur={() => setOpen(false)}
          className="h-[22px] min-w-24 flex-1 bg-transparent text-text outline-none"
        />
        {written === '' && draft === '' ? (
          <Key>/</Key>
        ) : (
          <button
            type="button"
            aria-label={text.filter.clear}
            title={text.filter.clear}
            onClick={() => {
              setDraft('')
              commit([], '')
              input.current?.focus()
            }}
            className="grid size-5 place-items-center rounded-sm text-faint hover:bg-row-hover hover:text-text"
          >
            <X size={13} />
          </button>
        )}
      </div>
      <div
        id={listId}
        role="listbox"
        aria-label={text.filter.title}
        hidden={suggestions.length === 0}
        className="popup absolute top-full right-0 left-0 z-20 mt-1 max-w-[520px] py-1"
      >
        {suggestions.map((suggestion, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the input takes the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the input keeps the focus (aria-activedescendant)
          <div
            key={suggestion.insert}
            id={`${listId}-${index}`}
            role="option"
            aria-selected={index === active}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => take(suggestion)}
            onMouseMove={() => setActive(index)}
            className="menu-item"
          >
            <span className="mono w-36 shrink-0 truncate">{suggestion.insert}</span>
            <span className="truncate text-dim">{suggestion.help}</span>
          </div>
        ))}
      </div>
    </search>
  )
}

interface ChipProps {
  chip: FilterToken
  bad: boolean
  onEdit: () => void
  onRemove: () => void
}

function Chip({ chip, bad, onEdit, onRemove }: ChipProps) {
  const written = writeToken(chip)
  const split = written.length - writeToken({ ...chip, key: 'text' }).length
  return (
    <span
      className={classes(
        'mono inline-flex h-[22px] max-w-full items-center rounded-sm',
        bad ? 'bg-bad-s' : 'bg-accent-soft',
      )}
    >
      <button
        type="button"
        onClick={onEdit}
        title={text.filter.editToken(written)}
        aria-invalid={bad || undefined}
        className="min-w-0 truncate pl-1.5"
      >
        <span className={bad ? 'text-bad' : 'text-accent'}>{written.slice(0, split)}</span>
        {written.slice(split)}
      </button>
      <button
        type="button"
        aria-label={text.filter.removeToken(written)}
        onClick={onRemove}
        className="grid h-full w-[18px] shrink-0 place-items-center rounded-sm text-faint hover:text-text"
      >
        <X size={11} />
      </button>
    </span>
  )
}
