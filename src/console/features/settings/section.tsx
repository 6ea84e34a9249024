/** The head of a section of the settings, and a card for its facts. */

import type { ReactNode } from 'react'

export interface SectionHeadProps {
  title: string
  help?: string
  action?: ReactNode
}

export function SectionHead({ title, help, action }: SectionHeadProps) {
  return (
    <div className="mb-3 flex items-start justify-between gap-4">
      <div>
        <h2 className="font-semibold text-lg tracking-[-0.01em]">{title}</h2>
        {help ? <p className="text-dim">{help}</p> : null}
      </div>
      {action}
    </div>
  )
}

export function Card({ children }: { children: ReactNode }) {
  return <div className="overflow-hidden rounded-lg border border-line bg-panel">{children}</div>
}

export interface RowProps {
  label: string
  help?: string
  children: ReactNode
}

/** A fact or choice with its name. */
export function Row({ label, help, children }: RowProps) {
  return (
    <div className="grid min-h-11 items-center gap-x-4 gap-y-1.5 md:grid-cols-[minmax(180px,2fr)_minmax(0,3fr)] border-line-soft border-t px-4 py-2 first:border-t-0">
      <div>
        <div className="font-medium">{label}</div>
        {help ? <div className="text-faint text-sm">{help}</div> : null}
      </div>
      <div className="min-w-0">{children}</div>
    </div>
  )
}
