/** Facts about a record: names on the left, values on the right. */

import type { ReactNode } from 'react'

export function FactList({ children }: { children: ReactNode }) {
  return (
    <dl className="grid grid-cols-[112px_minmax(0,1fr)] gap-x-2.5 gap-y-1 [&_dd]:min-w-0 [&_dt]:text-faint">
      {children}
    </dl>
  )
}

export interface FactProps {
  name: string
  /** more about it, on hover */
  help?: string
  children: ReactNode
}

export function Fact({ name, help, children }: FactProps) {
  return (
    <>
      <dt title={help}>{name}</dt>
      <dd>{children}</dd>
    </>
  )
}
