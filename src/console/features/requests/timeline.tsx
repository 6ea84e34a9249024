/** What happened on a request, the newest at the end. */

import type { RequestEvent } from '../../../contract/requests.ts'
import { text } from '../../text.ts'
import { Time } from '../../ui/time.tsx'

const words = text.requests.events

export function Timeline({ events }: { events: readonly RequestEvent[] }) {
  return (
    <section aria-label={words.title} className="mt-6">
      <h3 className="section-title mb-2">{words.title}</h3>
      <ol className="border-line border-l pl-4">
        {events.map(({ id, kind, text: said, actor, at }) => (
          <li key={id} className="relative pb-2.5 last:pb-0">
            <span
              aria-hidden
              className="absolute top-1.5 -left-[19.5px] size-[7px] rounded-full border border-line-strong bg-panel"
            />
            <div className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-[550]">{words.kinds[kind] ?? kind}</span>
              <span className="mono text-dim">{actor}</span>
              <span className="text-faint text-sm">
                <Time at={at} />
              </span>
            </div>
            {said ? <p className="whitespace-pre-wrap break-words text-dim select-text">{said}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  )
}
