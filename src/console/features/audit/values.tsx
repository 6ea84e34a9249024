/** Named values out of a row, whatever they are. */

import { text } from '../../text.ts'

/** A value as text; undefined when it is not plain. */
function plain(value: unknown): string | undefined {
  if (value === null || value === undefined || value === '') return text.common.dash
  if (typeof value === 'string') return value
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}

function isTechnical(value: unknown): boolean {
  return typeof value !== 'string' || /^[0-9a-f]{16,}$|@|^[0-9A-Z]{20,}$/.test(value)
}

export interface ValuesProps {
  title: string
  values: Readonly<Record<string, unknown>>
  help?: string
}

export function Values({ title, values, help }: ValuesProps) {
  const named = Object.entries(values)
  if (named.length === 0) return null
  return (
    <section aria-label={title} className="mt-4">
      <h3 className="section-title">{title}</h3>
      <dl className="mt-1 grid grid-cols-[minmax(80px,auto)_minmax(0,1fr)] gap-x-3 gap-y-1 rounded-md border border-line bg-sunken px-2.5 py-2">
        {named.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className={`min-w-0 break-words whitespace-pre-wrap select-text ${isTechnical(value) ? 'mono' : ''}`}>
              {plain(value) ?? JSON.stringify(value, null, 1)}
            </dd>
          </div>
        ))}
      </dl>
      {help ? <p className="mt-1 text-faint text-sm">{help}</p> : null}
    </section>
  )
}
