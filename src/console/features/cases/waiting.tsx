/** What waits for this very person: openings to approve, and samples they may open now. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { EyeOff, UserCheck } from 'lucide-react'
import type { WaitingOpening } from '../../../contract/cases.ts'
import { useApi, useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { momentInText } from '../../format.ts'
import { text } from '../../text.ts'
import { useNow } from '../../ui/time.tsx'

const words = text.review.yours

/** Openings this person may approve, or use now. */
function useYours(): { approve: WaitingOpening[]; open: WaitingOpening[] } {
  const { queries } = useApi()
  const { email } = useUser()
  const mayWork = useMayWork()
  const now = useNow()
  const desk = useQuery(queries.cases.desk.queryOptions())
  if (!mayWork || !desk.data) return { approve: [], open: [] }
  const { openings } = desk.data
  const isReady = ({ opensAt }: WaitingOpening) => opensAt !== null && Date.parse(opensAt) <= now
  return {
    approve: openings.filter((one) => one.state === 'requested' && one.needsSecond && one.requestedBy !== email),
    open: openings.filter((one) => one.requestedBy === email && isReady(one)),
  }
}

export function Yours() {
  const { approve, open } = useYours()
  const now = useNow()
  if (approve.length + open.length === 0) return null
  return (
    <section aria-label={words.title} className="border-line border-b px-3.5 pt-2.5 pb-2">
      <h2 className="section-title mb-1">{words.title}</h2>
      <ul className="grid max-h-40 overflow-y-auto">
        {approve.map((one) => (
          <Line key={one.id} opening={one} icon={<UserCheck size={14} />} search={{ opening: one.id }}>
            {words.approve(one.requestedBy)}
          </Line>
        ))}
        {open.map((one) => (
          <Line key={one.id} opening={one} icon={<EyeOff size={14} />} search={{}}>
            {words.open} <span className="text-faint">{words.until(momentInText(one.expiresAt, now))}</span>
          </Line>
        ))}
      </ul>
    </section>
  )
}

interface LineProps {
  opening: WaitingOpening
  icon: React.ReactNode
  search: { opening?: number }
  children: React.ReactNode
}

function Line({ opening, icon, search, children }: LineProps) {
  return (
    <li>
      <Link
        to="/review/{-$id}"
        params={{ id: String(opening.case) }}
        search={search}
        activeOptions={{ exact: true }}
        className="flex min-h-7 items-center gap-2 rounded-md px-1.5 hover:bg-row-hover"
      >
        <span className="shrink-0 text-held">{icon}</span>
        <span className="shrink-0 font-[550]">{opening.account}</span>
        <span className="min-w-0 truncate text-dim">{children}</span>
      </Link>
    </li>
  )
}
