/** A key on the keyboard. */

import type { ReactNode } from 'react'

export function Key({ children }: { children: ReactNode }) {
  return (
    <kbd className="rounded-sm border border-line bg-sunken px-1 font-mono text-xs text-faint leading-4">
      {children}
    </kbd>
  )
}
