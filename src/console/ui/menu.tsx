/** A menu that opens from a button. */

import { Menu as Base } from '@base-ui/react/menu'
import { Check } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { classes } from './classes.ts'

export interface MenuProps {
  trigger: ReactElement<Record<string, unknown>>
  side?: 'top' | 'bottom' | 'right'
  align?: 'start' | 'end'
  children: ReactNode
}

export function Menu({ trigger, side = 'bottom', align = 'start', children }: MenuProps) {
  return (
    <Base.Root>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} className="z-40 outline-none">
          <Base.Popup className="popup min-w-48 max-w-80 py-1 outline-none">{children}</Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}

export interface MenuItemProps {
  icon?: ReactNode
  danger?: boolean
  disabled?: boolean
  end?: ReactNode
  onClick?: () => void
  children: ReactNode
}

export function MenuItem({ icon, danger, disabled, end, onClick, children }: MenuItemProps) {
  return (
    <Base.Item className={classes('menu-item', danger && 'text-bad')} disabled={disabled} onClick={onClick}>
      {icon ? <span className="text-faint">{icon}</span> : null}
      <span className="min-w-0 flex-1 truncate">{children}</span>
      {end}
    </Base.Item>
  )
}

export interface MenuChoiceProps<T extends string> {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChange: (value: T) => void
}

/** One of several. */
export function MenuChoice<T extends string>({ label, value, options, onChange }: MenuChoiceProps<T>) {
  return (
    <Base.RadioGroup value={value} onValueChange={onChange} aria-label={label}>
      {options.map((option) => (
        <Base.RadioItem key={option.value} value={option.value} className="menu-item" closeOnClick={false}>
          <span className="grid size-3.5 place-items-center text-accent">
            {option.value === value ? <Check size={14} /> : null}
          </span>
          {option.label}
        </Base.RadioItem>
      ))}
    </Base.RadioGroup>
  )
}

export function MenuLabel({ children }: { children: ReactNode }) {
  return <div className="px-3.5 pt-1.5 pb-0.5 text-faint text-sm">{children}</div>
}

export function MenuLine() {
  return <Base.Separator className="my-1 h-px bg-line" />
}
