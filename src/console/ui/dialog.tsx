/** A dialog over the page: title, words, a form or list, and its buttons. */

import { Dialog as Base } from '@base-ui/react/dialog'
import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  description?: string | undefined
  children?: ReactNode
  /** buttons, the leading one last */
  footer?: ReactNode
  /** 620 pixels; `broad` 900, for two letters side by side */
  wide?: boolean
  broad?: boolean
  /** for assistive technology only: the dialog shows no title of its own */
  titleHidden?: boolean
}

export function Dialog({ open, onClose, title, description, children, footer, wide, broad, titleHidden }: DialogProps) {
  return (
    <Base.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="backdrop z-30" />
        <Base.Viewport className="fixed inset-0 z-40 grid justify-items-center overflow-y-auto px-6 pt-[12vh] pb-6">
          <Base.Popup
            className={classes(
              'popup w-full self-start overflow-hidden outline-none',
              broad ? 'max-w-[900px]' : wide ? 'max-w-[620px]' : 'max-w-[460px]',
            )}
          >
            <div className={titleHidden ? 'sr-only' : 'px-5 pt-4 pb-1'}>
              <Base.Title className="font-semibold text-lg tracking-[-0.01em]">{title}</Base.Title>
              {description ? <Base.Description className="mt-1 text-dim">{description}</Base.Description> : null}
            </div>
            {children}
            {footer ? (
              <div className="mt-2 flex justify-end gap-2 border-line-soft border-t bg-sunken px-5 py-3">{footer}</div>
            ) : null}
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  )
}
