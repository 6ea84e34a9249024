/** The detail of a record beside its list. */

import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { IconButton } from '../ui/button.tsx'
import { ScrollRegion } from '../ui/scroll.tsx'

export interface SidePaneProps {
  /** names the record */
  label: string
  closeLabel: string
  onClose: () => void
  children: ReactNode
}

export function SidePane({ label, closeLabel, onClose, children }: SidePaneProps) {
  return (
    <aside aria-label={label} className="relative flex min-h-0 flex-1 flex-col bg-panel">
      <div className="absolute top-2.5 right-4 z-10">
        <IconButton label={closeLabel} shortcut="Esc" onClick={onClose} className="bg-panel">
          <X size={15} />
        </IconButton>
      </div>
      <ScrollRegion label={label} className="min-h-0 flex-1 overflow-y-auto px-[18px] pt-4 pb-6">
        {children}
      </ScrollRegion>
    </aside>
  )
}
