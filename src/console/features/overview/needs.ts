/** What needs a person today, worst first, each with the way to the records behind it. */

import type { LinkProps } from '@tanstack/react-router'
import type { AccountFigures } from '../../../contract/accounts.ts'
import type { StatusReport } from '../../../contract/status.ts'
import type { Role } from '../../../model/user.ts'
import { count, duration, relative } from '../../format.ts'
import { text } from '../../text.ts'

const words = text.overview.need

const DAY_MS = 86_400_000
/** a certificate that ends sooner should be seen to */
const CERTIFICATE_MS = 21 * DAY_MS
const CERTIFICATE_BAD_MS = 3 * DAY_MS
/** a delivery this old means that somebody should look */
const STUCK_SECONDS = 4 * 3600

export interface Need {
  tone: 'bad' | 'warning'
  what: string
  help?: string
  /** undefined where the role may not go */
  address?: Pick<LinkProps, 'to' | 'params' | 'search'>
}

/** Openings and cases, as far as this person is concerned. */
export interface RequestCounts {
  approvals: number
  active: number
  unowned: number
}

export interface NeedsInput {
  role: Role
  status: StatusReport
  /** undefined for roles that do not see it */
  desk: RequestCounts | undefined
  figures: readonly AccountFigures[]
  /** the announced change of the policy, and how many letters about it did not arrive */
  untold: { version: number; accounts: number } | undefined
  /** milliseconds, Unix time */
  now: number
}

export function needsOf(input: NeedsInput): Need[] {
  const parts = [alarms, requests, desk, policy, trust, queue, certificate]
  return parts.flatMap((part) => part(input)).toSorted((a, b) => Number(b.tone === 'bad') - Number(a.tone === 'bad'))
}

const retention = { to: '/retention/{-$view}/{-$id}', params: {}, search: {} } as const
const relay = { to: '/settings/{-$section}', params: { section: 'relay' }, search: {} } as const

function alarms({ status }: NeedsInput): Need[] {
  return [
    ...status.retention.alarms.map((what): Need => ({ tone: 'bad', what, address: retention })),
    ...status.notices.map(({ text: what }): Need => ({ tone: 'warning', what, address: relay })),
  ]
}

function requests({ role, status: { requests: due } }: NeedsInput): Need[] {
  if (role === 'operator') return []
  const address: Need['address'] = { to: '/requests/{-$id}', params: {}, search: {} }
  const needs: Need[] = []
  if (due.overdue > 0) {
    needs.push({ tone: 'bad', what: words.overdue(due.overdue, count(due.overdue)), help: words.overdueHelp, address })
  }
  if (due.dueSoon > 0) needs.push({ tone: 'warning', what: words.due(due.dueSoon, count(due.dueSoon)), address })
  return needs
}

function desk({ desk: counts, role }: NeedsInput): Need[] {
  if (!counts) return []
  const { approvals, active, unowned } = counts
  const needs: Need[] = []
  if (approvals > 0 && role !== 'auditor') {
    const address: Need['address'] = { to: '/review/{-$id}', params: {}, search: { view: 'waiting' } }
    needs.push({ tone: 'warning', what: words.approve(approvals, count(approvals)), address })
  }
  if (active > 0) {
    const address: Need['address'] = { to: '/review/{-$id}', params: {}, search: {} }
    const help = unowned > 0 ? { help: words.unowned(count(unowned)) } : {}
    needs.push({ tone: 'warning', what: words.cases(active, count(active)), ...help, address })
  }
  return needs
}

function queue({ role, status }: NeedsInput): Need[] {
  const { inDoubt, oldestSeconds, held } = status.queue
  const mayGo = role === 'admin' || role === 'operator'
  const to = (search: Record<string, string | boolean>): Pick<Need, 'address'> =>
    mayGo ? { address: { to: '/queue', search } } : {}
  const needs: Need[] = []
  if (inDoubt > 0) {
    const what = words.inDoubt(inDoubt, count(inDoubt))
    needs.push({ tone: 'warning', what, help: words.inDoubtHelp, ...to({ doubt: true }) })
  }
  if (oldestSeconds >= STUCK_SECONDS) {
    needs.push({ tone: 'warning', what: words.stuck(duration(oldestSeconds)), ...to({ all: true }) })
  }
  if (held > 0) {
    needs.push({ tone: 'warning', what: words.held(held, count(held)), help: words.heldHelp, ...to({ state: 'held' }) })
  }
  return needs
}

function certificate({ status, now }: NeedsInput): Need[] {
  const ends = Date.parse(status.certificate.expiresAt)
  if (ends - now > CERTIFICATE_MS) return []
  const what = ends <= now ? words.certificateOver : words.certificate(relative(ends, now))
  return [
    {
      tone: ends - now <= CERTIFICATE_BAD_MS ? 'bad' : 'warning',
      what,
      help: words.certificateHelp,
      address: relay,
    },
  ]
}

/** Accounts that do not know yet what will change. */
function policy({ untold }: NeedsInput): Need[] {
  if (!untold || untold.accounts === 0) return []
  const { version, accounts } = untold
  const address: Need['address'] = {
    to: '/settings/{-$section}',
    params: { section: 'policy' },
    search: { version },
  }
  return [
    { tone: 'bad', what: words.untold(accounts, count(accounts), count(version)), help: words.untoldHelp, address },
  ]
}

function trust({ figures }: NeedsInput): Need[] {
  const asked = figures.filter(({ trustRequested }) => trustRequested).length
  const due = figures.filter(({ reviewDue }) => reviewDue).length
  const of = (what: string, q: string): Need => ({
    tone: 'warning',
    what,
    address: { to: '/accounts/{-$name}', params: {}, search: { q } },
  })
  const { requestedShort, reviewDueShort } = text.accounts.trust
  return [
    ...(asked > 0 ? [of(words.trustAsked(asked, count(asked)), requestedShort)] : []),
    ...(due > 0 ? [of(words.trust(due, count(due)), reviewDueShort)] : []),
  ]
}
