/** Named values out of a row, whatever they are. */

import { text } from '../../text.ts'

/** A value with its name; what lies inside a record is named by its path. */
type Named = [name: string, value: string | number | boolean]

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function plain(value: unknown): string | number | boolean {
  if (value === null || value === undefined || value === '') return text.common.dash
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  return Array.isArray(value) && !value.some((each) => typeof each === 'object')
    ? value.join(', ') || text.common.dash
    : JSON.stringify(value)
}

function flatten(values: Readonly<Record<string, unknown>>, before = ''): Named[] {
  return Object.entries(values).flatMap(([name, value]): Named[] =>
    isRecord(value) ? flatten(value, `${before}${name}.`) : [[`${before}${name}`, plain(value)]],
  )
}

function isTechnical(value: Named[1]): boolean {
  return typeof value !== 'string' || /^[0-9a-f]{16,}$|@|^[0-9A-Z]{20,}$|^[\d, ]+$/.test(value)
}

export interface ValuesProps {
  title: string
  values: Readonly<Record<string, unknown>>
  help?: string
}

export function Values({ title, values, help }: ValuesProps) {
  const named = flatten(values)
  if (named.length === 0) return null
  return (
    <section aria-label={title} className="mt-4">
      <h3 className="section-title">{title}</h3>
      <dl className="mt-1 grid grid-cols-[minmax(80px,auto)_minmax(0,1fr)] gap-x-3 gap-y-1 rounded-md border border-line bg-sunken px-2.5 py-2">
        {named.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className={`min-w-0 break-words whitespace-pre-wrap select-text ${isTechnical(value) ? 'mono' : ''}`}>
              {String(value)}
            </dd>
          </div>
        ))}
      </dl>
      {help ? <p className="mt-1 text-faint text-sm">{help}</p> : null}
    </section>
  )
}
