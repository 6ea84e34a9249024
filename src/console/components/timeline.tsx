/** What happened on a case or a request, the newest at the end. */

import { Time } from '../ui/time.tsx'

export interface TimelineEvent {
  id: number
  /** what kind of event it was, in words */
  what: string
  /** what was said with it; empty for nothing */
  text: string
  actor: string
  at: string
}

export function Timeline({ title, events }: { title: string; events: readonly TimelineEvent[] }) {
  return (
    <section aria-label={title} className="mt-6">
      <h3 className="section-title mb-2">{title}</h3>
      <ol className="border-line border-l pl-4">
        {events.map(({ id, what, text, actor, at }) => (
          <li key={id} className="relative pb-2.5 last:pb-0">
            <span
              aria-hidden
              className="absolute top-1.5 -left-[19.5px] size-[7px] rounded-full border border-line-strong bg-panel"
            />
            <div className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-[550]">{what}</span>
              <span className="mono text-dim">{actor}</span>
              <span className="text-faint text-sm">
                <Time at={at} />
              </span>
            </div>
            {text ? <p className="whitespace-pre-wrap break-words text-dim select-text">{text}</p> : null}
          </li>
        ))}
      </ol>
    </section>
  )
}
