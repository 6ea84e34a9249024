/** Keys that work wherever the focus is, except while somebody writes or a dialog is open. */

import { useEffect, useEffectEvent } from 'react'

/** What a key does. Names: `j`, `?`, `Escape`, `mod+k` (Ctrl, or Command on a Mac), `g m` (one after the other). */
export type KeyMap = Record<string, () => void>

/** The name of the modifier key on this computer. */
export const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

const SEQUENCE_MS = 1200

function isWriting(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select'))
  )
}

function isInDialog(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null
}

function nameOf(event: KeyboardEvent): string | undefined {
  if (event.altKey) return undefined
  if (event.ctrlKey || event.metaKey) return `mod+${event.key.toLowerCase()}`
  return event.key
}

let pending: { key: string; at: number } | undefined

/** Binds keys while the component is there. */
export function useKeys(map: KeyMap): void {
  const handle = useEffectEvent((event: KeyboardEvent) => {
    const name = nameOf(event)
    if (name === undefined || event.defaultPrevented) return
    const free = name.startsWith('mod+') || !isWriting(event.target)
    if (!free || isInDialog()) return
    const sequence = pending && event.timeStamp - pending.at < SEQUENCE_MS ? `${pending.key} ${name}` : undefined
    const act = (sequence && map[sequence]) ?? (sequence ? undefined : map[name])
    if (!act) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => handle(event)
    window.addEventListener('keydown', listener)
    return () => window.removeEventListener('keydown', listener)
  }, [])
}

/** Remembers the first key of a sequence; bound once, after all others, by the frame. */
export function useKeySequences(starts: readonly string[]): void {
  const remember = useEffectEvent((event: KeyboardEvent) => {
    if (isWriting(event.target)) return
    const name = nameOf(event)
    pending = name && starts.includes(name) ? { key: name, at: event.timeStamp } : undefined
  })
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => remember(event)
    // the end of the way up: every binding has seen the key before it becomes the start of a sequence
    document.defaultView?.addEventListener('keyup', listener)
    return () => document.defaultView?.removeEventListener('keyup', listener)
  }, [])
}
