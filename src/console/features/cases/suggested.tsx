/** Accounts that signals speak against although no case is open on them: one click opens the form, filled in. */

import { useQuery } from '@tanstack/react-query'
import { Lightbulb } from 'lucide-react'
import { useMemo } from 'react'
import { useApi } from '../../api.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { type Suggestion, suggestionsOf, useFreeSignals } from './data.ts'
import { Suspicion } from './marks.tsx'

const words = text.review.suggested

/** lines shown at once; the rest is counted */
const SHOWN = 20

/** Suggestions, as far as what they rest on has been read. */
function useSuggestions(): Suggestion[] {
  const { queries } = useApi()
  const free = useFreeSignals()
  const policy = useQuery(queries.openings.policy.queryOptions({ staleTime: 60_000 }))
  const active = useQuery(queries.cases.list.queryOptions({ input: { status: 'active', limit: 500 } }))
  return useMemo(() => {
    if (!free.data || !active.data || !policy.data) return []
    const busy = new Set(active.data.cases.map(({ account }) => account))
    return suggestionsOf(free.data.signals, busy, policy.data.threshold)
  }, [free.data, active.data, policy.data])
}

/** `Spam score, Link mismatch`: the heaviest first. */
function kindsOf({ signals }: Suggestion): string {
  const kinds = new Set(signals.toSorted((a, b) => b.weight - a.weight).map(({ kind }) => kind))
  return [...kinds].map((kind) => text.review.evidence.signal[kind]).join(', ')
}

export function Suggested({ onOpen }: { onOpen: (suggestion: Suggestion) => void }) {
  const suggestions = useSuggestions()
  if (suggestions.length === 0) return null
  return (
    <section aria-label={words.title} className="border-line border-b px-3.5 pt-2.5 pb-2">
      <h2 className="section-title mb-1">
        {words.title} <span className="font-normal">· {words.help}</span>
      </h2>
      <ul className="grid max-h-40 overflow-y-auto">
        {suggestions.slice(0, SHOWN).map((suggestion) => (
          <li key={suggestion.account} className="flex min-h-8 items-center gap-2 px-1.5">
            <Lightbulb size={14} className="shrink-0 text-wait" aria-hidden />
            <span className="min-w-0 truncate font-[550]">{suggestion.account}</span>
            <span
              className="num min-w-0 flex-1 truncate text-dim"
              title={suggestion.signals.map(({ summary }) => summary).join('\n')}
            >
              {words.line(suggestion.signals.length, count(suggestion.signals.length))}: {kindsOf(suggestion)}
            </span>
            <Suspicion value={suggestion.suspicion} />
            <Button small aria-label={words.openFor(suggestion.account)} onClick={() => onOpen(suggestion)}>
              {words.open}
            </Button>
          </li>
        ))}
        {suggestions.length > SHOWN ? (
          <li className="px-1.5 text-faint text-sm">{words.more(count(suggestions.length - SHOWN))}</li>
        ) : null}
      </ul>
    </section>
  )
}
