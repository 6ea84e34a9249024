/** Buttons: quiet by default, filled for the one thing a screen is for, red for what destroys. */

import type { ComponentProps, ReactNode } from 'react'
import { classes } from './classes.ts'
import { Hint } from './hint.tsx'

export type ButtonKind = 'plain' | 'primary' | 'danger' | 'ghost'

const kinds: Record<ButtonKind, string> = {
  plain: 'border border-line bg-raised text-text hover:bg-row-hover hover:border-line-strong/50',
  primary: 'border border-accent bg-accent text-on-accent font-[550] hover:bg-accent-hover hover:border-accent-hover',
  danger: 'border border-bad bg-bad text-panel font-[550] hover:brightness-95',
  ghost: 'border border-transparent text-dim hover:bg-row-hover hover:text-text',
}

export interface ButtonProps extends ComponentProps<'button'> {
  kind?: ButtonKind
  small?: boolean
}

/** A button with words. */
export function Button({ kind = 'plain', small, className, type = 'button', ...rest }: ButtonProps) {
  return (
    <button
      type={type}
      className={classes(
        'inline-flex shrink-0 items-center justify-center gap-1.5 rounded-md whitespace-nowrap select-none',
        small ? 'h-6 px-2 text-sm' : 'h-[30px] px-2.5',
        'disabled:pointer-events-none disabled:border-line disabled:bg-transparent disabled:text-faint',
        kinds[kind],
        className,
      )}
      {...rest}
    />
  )
}

export interface IconButtonProps extends ComponentProps<'button'> {
  /** what it does; shown on hover and read aloud */
  label: string
  /** key that does the same */
  shortcut?: string
  pressed?: boolean
  children: ReactNode
}

/** A button with an icon only. */
export function IconButton({ label, shortcut, pressed, className, children, ...rest }: IconButtonProps) {
  return (
    <Hint text={label} shortcut={shortcut}>
      <button
        type="button"
        aria-label={label}
        aria-pressed={pressed}
        className={classes(
          'inline-grid size-[26px] shrink-0 place-items-center rounded-md text-dim hover:bg-row-hover hover:text-text',
          'disabled:pointer-events-none disabled:text-faint aria-pressed:bg-accent-soft aria-pressed:text-accent',
          className,
        )}
        {...rest}
      >
        {children}
      </button>
    </Hint>
  )
}
