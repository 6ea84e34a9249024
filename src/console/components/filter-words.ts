/** The written filter as chips and words: taking it apart, putting it together, completing it. */

import { type FilterToken, tokenize } from '../../model/filter.ts'

/** Writes a token the way `tokenize` reads it. */
export function writeToken({ key, value }: FilterToken): string {
  const quoted = /\s/.test(value) || value === '' ? `"${value}"` : value
  if (key === 'text') return quoted
  return /[<>]$/.test(key) ? `${key}${quoted}` : `${key}:${quoted}`
}

/** Takes a written filter apart into keyed tokens, which are shown as chips, and bare words. */
export function splitWritten(written: string): { chips: FilterToken[]; words: string } {
  const tokens = tokenize(written)
  return {
    chips: tokens.filter((token) => token.key !== 'text'),
    words: tokens
      .filter((token) => token.key === 'text')
      .map(writeToken)
      .join(' '),
  }
}

/** The reverse of {@link splitWritten}. */
export function joinWritten(chips: readonly FilterToken[], words: string): string {
  return [...chips.map(writeToken), words.trim()].filter(Boolean).join(' ')
}

const KEYED = /(?:^|\s)([a-z-]+[:<>](?:"[^"]*"|[^\s"]+))(?=\s)/i

/** Takes the finished keyed tokens, those followed by a space, out of what is being typed. */
export function absorb(draft: string): { chips: FilterToken[]; rest: string } {
  const chips: FilterToken[] = []
  let rest = draft
  for (let match = KEYED.exec(rest); match; match = KEYED.exec(rest)) {
    chips.push(...tokenize(match[1]!))
    rest = `${rest.slice(0, match.index)} ${rest.slice(match.index + match[0].length)}`.trimStart()
  }
  return { chips, rest }
}

export interface Suggestion {
  /** what is put in place of the fragment */
  insert: string
  help: string
  /** whether the token is finished with it */
  whole: boolean
}

/** What can be written into a filter. */
export interface Vocabulary {
  /** each key with what it means; a key that ends in an operator needs no colon */
  keys: Readonly<Record<string, string>>
  /** values worth suggesting for a key */
  valuesOf: (key: string) => readonly { value: string; help: string }[]
}

const MOST = 8

/** The fragment at the end of what is being typed. */
function fragmentOf(draft: string): string {
  return /\S*$/.exec(draft)?.[0] ?? ''
}

/** What could be meant by the fragment at the end of what is being typed; nothing after a space. */
export function suggest(draft: string, { keys, valuesOf }: Vocabulary): Suggestion[] {
  const fragment = fragmentOf(draft).toLowerCase()
  if (fragment === '') return []
  const keyed = /^([a-z-]+):(.*)$/.exec(fragment)
  if (keyed) {
    const [, key = '', begun = ''] = keyed
    return valuesOf(key)
      .filter(({ value }) => value.toLowerCase().startsWith(begun) && value.toLowerCase() !== begun)
      .slice(0, MOST)
      .map(({ value, help }) => ({ insert: `${key}:${value}`, help, whole: true }))
  }
  return Object.entries(keys)
    .filter(([key]) => key.startsWith(fragment))
    .map(([key, help]) => ({ insert: /[<>]$/.test(key) ? key : `${key}:`, help, whole: false }))
}

/** Puts a suggestion in place of the fragment. */
export function accept(draft: string, suggestion: Suggestion): string {
  const kept = draft.slice(0, draft.length - fragmentOf(draft).length)
  return `${kept}${suggestion.insert}${suggestion.whole ? ' ' : ''}`
}
