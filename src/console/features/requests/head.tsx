/** The head of the screen: its two parts, what is due, and what can be begun. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useApi } from '../../api.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Tabs, tabClass } from '../../ui/tabs.tsx'

const words = text.requests

export function Head({ part, children }: { part: 'desk' | 'disclosures'; children?: ReactNode }) {
  return (
    <div className="flex items-center gap-3 border-line border-b bg-panel px-4 py-[9px]">
      <h1 className="font-semibold">{words.title}</h1>
      <Tabs label={words.tabsLabel}>
        <Link
          to="/requests/{-$id}"
          params={{ id: undefined }}
          search={{}}
          aria-current={part === 'desk' ? 'page' : undefined}
          className={tabClass(part === 'desk')}
        >
          {words.desk}
        </Link>
        <Link
          to="/requests/disclosures/{-$id}"
          params={{ id: undefined }}
          search={{}}
          aria-current={part === 'disclosures' ? 'page' : undefined}
          className={tabClass(part === 'disclosures')}
        >
          {text.legalRequests.title}
        </Link>
      </Tabs>
      {part === 'desk' ? <Summary /> : null}
      <span className="ml-auto" />
      {children}
    </div>
  )
}

/** How many wait, and how many of them are pressing. */
function Summary() {
  const { queries } = useApi()
  const counts = useQuery(queries.status.get.queryOptions()).data?.requests
  if (!counts || counts.open === 0) return null
  return (
    <span className="num min-w-0 truncate text-dim">
      {words.summary.open(counts.open, count(counts.open))}
      {counts.dueSoon > 0 ? (
        <span className="font-[550] text-wait"> · {words.summary.soon(count(counts.dueSoon))}</span>
      ) : null}
      {counts.overdue > 0 ? (
        <span className="font-[550] text-bad"> · {words.summary.overdue(count(counts.overdue))}</span>
      ) : null}
    </span>
  )
}
