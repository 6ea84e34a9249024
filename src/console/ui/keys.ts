/** Keys that work wherever the focus is, except while somebody writes or a dialog is open. */

import { useEffect, useEffectEvent } from 'react'

/** What a key does. Names: `j`, `?`, `Escape`, `mod+k` (Ctrl, or Command on a Mac), `g m` (one after the other). */
export type KeyMap = Record<string, () => void>

interface Binding {
  get(name: string): (() => void) | undefined
  starts(name: string): boolean
  /** asked only when nobody else knows the key */
  last: boolean
}

/** The name of the modifier key on this computer. */
export const modifier = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'

/** Longest pause between the keys of a sequence, in milliseconds. */
const PAUSE = 1200

const bindings = new Set<Binding>()
let begun: { name: string; at: number } | undefined

function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.isContentEditable || target.matches('input:not([type=checkbox]), textarea, select')
}

/** Whether the element with the focus has its own use for Enter and Space. */
function hasOwnUse(name: string, target: EventTarget | null): boolean {
  const pressed = name === 'Enter' || name === ' '
  return pressed && target instanceof HTMLElement && target.matches('button, a, input, [role=radio], [role=separator]')
}

function isInDialog(): boolean {
  return document.querySelector('[role=dialog], [role=alertdialog], [role=menu]') !== null
}

function nameOf(event: KeyboardEvent): string | undefined {
  if (event.altKey) return undefined
  return event.ctrlKey || event.metaKey ? `mod+${event.key.toLowerCase()}` : event.key
}

function find(name: string): (() => void) | undefined {
  const inOrder = [...bindings].sort((a, b) => Number(a.last) - Number(b.last))
  return inOrder.map((binding) => binding.get(name)).find((act) => act !== undefined)
}

function onKeyDown(event: KeyboardEvent): void {
  const name = nameOf(event)
  if (name === undefined || event.defaultPrevented) return
  const free = name.startsWith('mod+') || !isWriting(event.target)
  if (!free || isInDialog() || hasOwnUse(name, event.target)) return
  const sequence = begun && event.timeStamp - begun.at < PAUSE ? `${begun.name} ${name}` : undefined
  const act = (sequence && find(sequence)) ?? find(name)
  begun = [...bindings].some((binding) => binding.starts(name)) ? { name, at: event.timeStamp } : undefined
  if (!act) return
  begun = undefined
  event.preventDefault()
  act()
}

function bind(binding: Binding): () => void {
  if (bindings.size === 0) window.addEventListener('keydown', onKeyDown)
  bindings.add(binding)
  return () => {
    bindings.delete(binding)
    if (bindings.size === 0) window.removeEventListener('keydown', onKeyDown)
  }
}

/**
 * Binds keys while the component is there.
 * @param last whether any other binding of a key goes before this one: for the frame, whose screens may know better
 */
export function useKeys(map: KeyMap, last = false): void {
  const get = useEffectEvent((name: string) => map[name])
  const starts = useEffectEvent((name: string) => Object.keys(map).some((key) => key.startsWith(`${name} `)))
  useEffect(() => bind({ get: (name) => get(name), starts: (name) => starts(name), last }), [last])
}
