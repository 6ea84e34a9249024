/** The parts of a screen, as links side by side: each has an address. */

import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export function Tabs({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className="inline-flex h-[30px] items-center rounded-md border border-line bg-sunken p-0.5">
      {children}
    </nav>
  )
}

/** Look of a link in {@link Tabs}; the link says `aria-current` by itself. */
export function tabClass(current: boolean): string {
  return classes(
    'inline-flex h-6 items-center gap-1.5 rounded-sm px-2.5 select-none',
    current ? 'bg-raised text-text shadow-[0_0_0_1px_var(--line)]' : 'text-dim hover:text-text',
  )
}
