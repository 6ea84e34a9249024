/** One of a few: a row of segments, or cards with an explanation. */

import { Radio } from '@base-ui/react/radio'
import { RadioGroup } from '@base-ui/react/radio-group'
import { classes } from './classes.ts'

export interface SegmentsProps<T extends string> {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

export function Segments<T extends string>({ label, value, options, onChange }: SegmentsProps<T>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next)}
      className="inline-flex h-[30px] items-center rounded-md border border-line bg-sunken p-0.5"
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={classes(
            'inline-flex h-6 items-center rounded-sm px-2.5 text-dim select-none hover:text-text',
            'data-checked:bg-raised data-checked:text-text data-checked:shadow-[0_0_0_1px_var(--line)]',
          )}
        >
          {option.label}
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}

export interface CardsProps<T extends string> {
  label: string
  /** in a row; as many as there is room for when left out */
  columns?: 3
  value: T
  options: readonly { value: T; label: string; help: string }[]
  onChange: (value: T) => void
}

export function Cards<T extends string>({ label, columns, value, options, onChange }: CardsProps<T>) {
  return (
    <RadioGroup
      aria-label={label}
      value={value}
      onValueChange={(next) => onChange(next)}
      className={classes(
        'grid gap-2',
        columns === 3 ? 'grid-cols-3' : 'grid-cols-[repeat(auto-fit,minmax(132px,1fr))]',
      )}
    >
      {options.map((option) => (
        <Radio.Root
          key={option.value}
          value={option.value}
          className={classes(
            'grid content-start gap-0.5 rounded-lg border border-line bg-panel px-3 py-2.5 text-left select-none',
            'hover:border-line-strong/60 data-checked:border-accent data-checked:bg-accent-soft',
          )}
        >
          <span className="font-[550]">{option.label}</span>
          <span className="text-dim text-sm">{option.help}</span>
        </Radio.Root>
      ))}
    </RadioGroup>
  )
}
