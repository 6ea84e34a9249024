/** Which signals go along as evidence. */

import type { SignalView } from '../../../contract/signals.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Time } from '../../ui/time.tsx'

export interface SignalChoiceProps {
  label: string
  signals: readonly SignalView[]
  /** ids of those that are left out */
  left: ReadonlySet<number>
  onChange: (left: ReadonlySet<number>) => void
}

export function SignalChoice({ label, signals, left, onChange }: SignalChoiceProps) {
  const toggle = (id: number): void => {
    const next = new Set(left)
    if (!next.delete(id)) next.add(id)
    onChange(next)
  }
  return (
    <fieldset className="min-w-0">
      <legend className="mb-1 font-medium text-sm">{label}</legend>
      <div className="max-h-44 overflow-y-auto rounded-md border border-line">
        {signals.map(({ id, kind, summary, at, weight }) => (
          <label
            key={id}
            className="flex items-start gap-2.5 border-line-soft border-t px-2.5 py-1.5 first:border-t-0 hover:bg-row-hover"
          >
            <input
              type="checkbox"
              checked={!left.has(id)}
              onChange={() => toggle(id)}
              className="mt-[3px] size-3.5 shrink-0 accent-accent"
            />
            <span className="min-w-0 flex-1">
              <span className="font-[550]">{text.review.evidence.signal[kind]}</span>{' '}
              <span className="text-dim">{summary}</span>
              <span className="block text-faint text-sm">
                <Time at={at} />
              </span>
            </span>
            <span className="num shrink-0 text-dim">{count(weight)}</span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
