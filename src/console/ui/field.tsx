/** Form fields: a label, an input, what helps and what is wrong. */

import { type ComponentProps, type ReactNode, useId } from 'react'
import { classes } from './classes.ts'

export const inputClass =
  'h-[30px] w-full min-w-0 rounded-md border border-line-strong/60 bg-panel px-2.5 text-text focus:border-accent ' +
  'focus:outline-2 focus:outline-accent/35 focus:outline-offset-0 aria-invalid:border-bad disabled:text-faint'

export interface FieldProps extends ComponentProps<'input'> {
  label: string
  help?: ReactNode
  problem?: string | undefined
  mono?: boolean
  /** a button or unit at the end of the input */
  end?: ReactNode
}

export function Field({ label, help, problem, mono, end, className, ...input }: FieldProps) {
  const id = useId()
  const described = problem ? `${id}-problem` : help ? `${id}-help` : undefined
  return (
    <div className={classes('grid content-start gap-1', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <div className="flex items-center gap-1.5">
        <input
          id={id}
          aria-invalid={problem ? true : undefined}
          aria-describedby={described}
          className={classes(inputClass, mono && 'mono')}
          {...input}
        />
        {end}
      </div>
      {problem ? (
        <div id={`${id}-problem`} role="alert" className="text-bad text-sm">
          {problem}
        </div>
      ) : help ? (
        <div id={`${id}-help`} className="text-faint text-sm">
          {help}
        </div>
      ) : null}
    </div>
  )
}

export interface TextAreaFieldProps extends ComponentProps<'textarea'> {
  label: string
  help?: ReactNode
}

/** A field for a few sentences. */
export function TextAreaField({ label, help, className, ...area }: TextAreaFieldProps) {
  const id = useId()
  return (
    <div className={classes('grid content-start gap-1', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <textarea
        id={id}
        rows={3}
        aria-describedby={help ? `${id}-help` : undefined}
        className={classes(inputClass, 'h-auto resize-y py-1.5')}
        {...area}
      />
      {help ? (
        <div id={`${id}-help`} className="text-faint text-sm">
          {help}
        </div>
      ) : null}
    </div>
  )
}

export interface SelectFieldProps extends ComponentProps<'select'> {
  label: string
  options: readonly { value: string; label: string }[]
}

/** The system's own list of choices: it is quick, known, and works everywhere. */
export function SelectField({ label, options, className, ...select }: SelectFieldProps) {
  const id = useId()
  return (
    <div className={classes('grid content-start gap-1', className)}>
      <label htmlFor={id} className="font-medium text-sm">
        {label}
      </label>
      <select id={id} className={classes(inputClass, 'pr-1')} {...select}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </div>
  )
}
