/** A dialog with a form: fields, what went wrong, and the button that sends it. */

import { type ReactNode, useId } from 'react'
import type { Problem } from '../api.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ProblemNote } from '../ui/state.tsx'

export interface FormDialogProps {
  title: string
  description?: string | undefined
  /** words on the button that sends it */
  submit: string
  /** whether it destroys */
  danger?: boolean | undefined
  ready: boolean
  problem?: Problem | undefined
  wide?: boolean
  broad?: boolean
  onSubmit: () => void
  onClose: () => void
  /** instead of cancelling: one step back */
  onBack?: (() => void) | undefined
  children: ReactNode
}

export function FormDialog(props: FormDialogProps) {
  const { title, description, submit, danger, ready, problem, wide, broad, onSubmit, onClose, onBack, children } = props
  const id = useId()
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      description={description}
      {...(wide ? { wide } : {})}
      {...(broad ? { broad } : {})}
      footer={
        <>
          {onBack ? (
            <Button onClick={onBack}>{text.common.back}</Button>
          ) : (
            <Button onClick={onClose}>{text.common.cancel}</Button>
          )}
          <Button type="submit" form={id} kind={danger ? 'danger' : 'primary'} disabled={!ready}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className="grid gap-3 px-5 pt-2 pb-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) onSubmit()
        }}
      >
        {children}
        {problem ? <ProblemNote {...problem} /> : null}
      </form>
    </Dialog>
  )
}
