/** Asks before something is destroyed. */

import { text } from '../text.ts'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'

export interface ConfirmDialogProps {
  open: boolean
  title: string
  help: string
  /** word on the button that does it */
  confirm: string
  busy: boolean
  onConfirm: () => void
  onClose: () => void
}

export function ConfirmDialog({ open, title, help, confirm, busy, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={title}
      description={help}
      footer={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="danger" disabled={busy} onClick={onConfirm}>
            {confirm}
          </Button>
        </>
      }
    />
  )
}
