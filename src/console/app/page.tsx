/** A page of its own for who is not in yet: the mark, a title, a form. */

import type { ReactNode } from 'react'
import { Brand } from '../ui/brand.tsx'
import { classes } from '../ui/classes.ts'

export interface PageProps {
  title: string
  help?: string | undefined
  wide?: boolean
  children: ReactNode
}

export function Page({ title, help, wide, children }: PageProps) {
  return (
    <main id="content" className="grid h-full place-items-center overflow-y-auto p-6">
      <div
        className={classes(
          'grid w-full grid-cols-[minmax(0,1fr)] gap-3.5 pb-[8vh]',
          wide ? 'max-w-[460px]' : 'max-w-[340px]',
        )}
      >
        <div className="mb-2 grid justify-items-center gap-3 text-center">
          <Brand size={40} />
          <h1 className="font-semibold text-xl tracking-[-0.02em]">{title}</h1>
          {help ? <p className="text-dim">{help}</p> : null}
        </div>
        {children}
      </div>
    </main>
  )
}
