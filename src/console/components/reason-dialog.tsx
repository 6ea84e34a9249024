/** An act that needs a reason: what will happen, why it is done, and the button that does it. */

import { type ReactNode, useState } from 'react'
import { problemOf } from '../api.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Field } from '../ui/field.tsx'
import { ProblemNote } from '../ui/state.tsx'

export interface ReasonDialogProps {
  title: string
  help?: string
  reasonHelp: string
  /** words on the button that does it */
  confirm: string
  wide?: boolean
  /** whether it destroys something */
  danger?: boolean
  /** whether the act can be done, apart from the reason */
  ready?: boolean
  busy: boolean
  /** why it could not be done */
  error: unknown
  onConfirm: (reason: string) => void
  onClose: () => void
  /** exactly what will happen */
  children?: ReactNode
}

export function ReasonDialog(props: ReasonDialogProps) {
  const {
    title,
    help,
    reasonHelp,
    confirm,
    wide,
    danger,
    ready = true,
    busy,
    error,
    onConfirm,
    onClose,
    children,
  } = props
  const [reason, setReason] = useState('')
  const possible = ready && !busy && reason.trim() !== ''
  const submit = (): void => {
    if (possible) onConfirm(reason.trim())
  }
  return (
    <Dialog
      open
      onClose={onClose}
      {...(wide ? { wide } : {})}
      title={title}
      description={help}
      footer={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind={danger ? 'danger' : 'primary'} disabled={!possible} onClick={submit}>
            {confirm}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3 px-5 pt-2 pb-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {children}
        <Field
          label={text.common.reason}
          help={reasonHelp}
          value={reason}
          maxLength={1000}
          required
          onChange={(event) => setReason(event.target.value)}
        />
        {error ? <ProblemNote {...problemOf(error)} /> : null}
      </form>
    </Dialog>
  )
}
