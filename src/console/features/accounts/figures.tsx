/** What a trust decision is made on, as figures that lead to the records behind them. */

import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Criteria, Thresholds } from '../../../contract/trust.ts'
import { useUser } from '../../api.ts'
import { count, share } from '../../format.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { Sparkline } from '../../ui/sparkline.tsx'
import { isOver } from './rows.ts'

const words = text.accounts.trust

export interface FiguresProps {
  account: string
  criteria: Criteria
  /** as they are now; left out for figures of the past */
  thresholds?: Thresholds
  /** whether figures lead to the records behind them */
  linked?: boolean
}

export function Figures({ account, criteria, thresholds, linked = false }: FiguresProps) {
  const { role } = useUser()
  const leads = linked && (role === 'admin' || role === 'operator')
  const { messages, deliveries, bounces, bounceRate, complaints, complaintRate, volume, cases } = criteria
  const mail = `account:${account} since:30d`
  const least = thresholds?.leastMessages
  return (
    <div className="@container overflow-hidden rounded-md border border-line">
      <dl className="grid grid-cols-3 @xl:grid-cols-6">
        <Figure name={words.figure.age} value={words.ageDays(criteria.ageDays, count(criteria.ageDays))} />
        <Figure name={words.figure.messages} value={count(messages)} to={leads ? mail : undefined} />
        <Figure
          name={words.figure.bounces}
          value={share(bounceRate)}
          bad={isOver(bounceRate, deliveries, thresholds?.bounceRate, least)}
          under={deliveries > 0 ? words.of(count(bounces), count(deliveries)) : undefined}
          limit={thresholds?.bounceRate}
          to={leads ? `${mail} status:failed` : undefined}
        />
        <Figure
          name={words.figure.complaints}
          value={share(complaintRate)}
          bad={isOver(complaintRate, messages, thresholds?.complaintRate, least)}
          under={messages > 0 ? words.of(count(complaints), count(messages)) : undefined}
          limit={thresholds?.complaintRate}
        />
        <Figure name={words.figure.samples} value={count(criteria.samples)} />
        <Figure
          name={words.figure.cases}
          value={cases ? count(cases.breach + cases.noBreach + cases.unclear + cases.undecided) : text.common.dash}
          bad={cases !== null && cases.breach > 0}
          under={cases ? findingsOf(cases) : undefined}
          casesOf={linked && role !== 'operator' ? account : undefined}
        />
      </dl>
      {messages > 0 ? (
        <div className="border-line-soft border-t px-3 pt-2 pb-2.5">
          <div className="mb-1 text-faint text-sm">{words.volume}</div>
          <Sparkline
            values={volume}
            label={text.accounts.volumeOf(count(messages), count(Math.max(0, ...volume)))}
            height={36}
            className="w-full"
          />
        </div>
      ) : null}
    </div>
  )
}

/** `1 breach, 2 unclear`: verdicts there are none of are left out; undefined when there are no cases. */
function findingsOf(cases: NonNullable<Criteria['cases']>): string | undefined {
  const kinds = ['breach', 'noBreach', 'unclear', 'undecided'] as const
  const parts = kinds.filter((kind) => cases[kind] > 0).map((kind) => words.findings[kind](count(cases[kind])))
  return parts.join(', ') || undefined
}

interface FigureProps {
  name: string
  value: ReactNode
  bad?: boolean
  /** what the rate is made of */
  under?: string | undefined
  limit?: number | undefined
  /** filter of the log that shows the records behind it */
  to?: string | undefined
  /** account whose cases it leads to */
  casesOf?: string | undefined
}

function Figure({ name, value, bad, under, limit, to, casesOf }: FigureProps) {
  const shown = classes('num block font-semibold text-lg', bad && 'text-bad')
  return (
    // the outermost lines are drawn under the frame
    <div className="-mt-px -ml-px min-w-0 border-line-soft border-t border-l px-2.5 py-2">
      <dt className="text-faint text-sm">{name}</dt>
      <dd>
        {to ? (
          <Link to="/messages/{-$id}" params={{}} search={{ q: to }} className={classes(shown, 'hover:text-accent')}>
            {value}
          </Link>
        ) : casesOf ? (
          <Link
            to="/review/{-$id}"
            params={{}}
            search={{ account: casesOf, view: 'closed' }}
            className={classes(shown, 'hover:text-accent')}
          >
            {value}
          </Link>
        ) : (
          <span className={shown}>{value}</span>
        )}
        {under ? <span className="num block text-faint text-sm">{under}</span> : null}
        {limit === undefined ? null : <span className="num block text-faint text-sm">{words.limit(share(limit))}</span>}
      </dd>
    </div>
  )
}
