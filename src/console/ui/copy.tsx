/** Text a person takes elsewhere: selectable, and one click to copy. */

import { Check, Copy } from 'lucide-react'
import { type ReactNode, useEffect, useState } from 'react'
import { text } from '../text.ts'
import { classes } from './classes.ts'
import { ScrollRegion } from './scroll.tsx'

const SHOWN_MS = 1400

function useCopy(): [copied: boolean, copy: (what: string) => void] {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), SHOWN_MS)
    return () => clearTimeout(timer)
  }, [copied])
  return [
    copied,
    (what) => {
      void navigator.clipboard.writeText(what).then(() => setCopied(true))
    },
  ]
}

export interface CopyButtonProps {
  value: string
  /** what is copied, as in "Copy id" */
  label: string
  className?: string
  children?: ReactNode
}

export function CopyButton({ value, label, className, children }: CopyButtonProps) {
  const [copied, copy] = useCopy()
  return (
    <button
      type="button"
      title={copied ? text.common.copied : label}
      aria-label={children ? undefined : label}
      onClick={(event) => {
        event.stopPropagation()
        copy(value)
      }}
      className={classes(
        'inline-flex h-5 shrink-0 items-center gap-1 rounded-sm px-1 text-faint text-sm hover:bg-row-hover hover:text-text',
        className,
      )}
    >
      {copied ? <Check size={12} className="text-ok" /> : <Copy size={12} />}
      {children}
      <span role="status" className="sr-only">
        {copied ? text.common.copied : ''}
      </span>
    </button>
  )
}

export interface CopyableProps {
  value: string
  /** what it is, as in "Copy id" */
  what: string
  children?: ReactNode
  className?: string
}

/** An address or id in the mono face with its copy button, which shows when near. */
export function Copyable({ value, what, children, className }: CopyableProps) {
  return (
    <span className={classes('group/copy mono inline-flex max-w-full items-center gap-0.5', className)}>
      <span className="min-w-0 truncate select-text" title={value}>
        {children ?? value}
      </span>
      <CopyButton
        value={value}
        label={text.common.copyOf(what)}
        className="opacity-0 transition-opacity focus-visible:opacity-100 group-hover/copy:opacity-100"
      />
    </span>
  )
}

/** A block of text to take elsewhere. */
export function CodeBlock({ value, label }: { value: string; label: string }) {
  return (
    <div className="relative rounded-md border border-line bg-sunken">
      <ScrollRegion label={label} className="overflow-x-auto">
        <pre className="mono whitespace-pre px-3 py-2.5 pr-24 text-text select-text">{value}</pre>
      </ScrollRegion>
      <CopyButton
        value={value}
        label={text.common.copyOf(label)}
        className="absolute top-2 right-2 h-6 border border-line bg-raised px-1.5"
      >
        {text.common.copy}
      </CopyButton>
    </div>
  )
}
