/** A region that scrolls, and can be reached and scrolled by key. */

import type { ReactNode } from 'react'
import { classes } from './classes.ts'

export interface ScrollRegionProps {
  label: string
  className?: string
  children: ReactNode
}

export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  return (
    <section
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard cannot scroll what holds no control
      tabIndex={0}
      className={classes('focus-visible:outline-offset-[-2px]', className)}
    >
      {children}
    </section>
  )
}
