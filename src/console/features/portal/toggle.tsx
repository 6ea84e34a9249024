/** A switch: on or off, at once. */

import { Switch } from '@base-ui/react/switch'
import { classes } from '../../ui/classes.ts'

export interface ToggleProps {
  label: string
  on: boolean
  busy: boolean
  onChange: (on: boolean) => void
}

export function Toggle({ label, on, busy, onChange }: ToggleProps) {
  return (
    <Switch.Root
      aria-label={label}
      checked={on}
      disabled={busy}
      onCheckedChange={(next) => onChange(next)}
      className={classes(
        'inline-flex h-6 w-10 shrink-0 items-center rounded-full border border-line-strong bg-sunken px-0.5',
        'data-checked:border-accent data-checked:bg-accent',
      )}
    >
      <Switch.Thumb className="size-[18px] rounded-full bg-line-strong transition-transform data-checked:translate-x-4 data-checked:bg-on-accent" />
    </Switch.Root>
  )
}
