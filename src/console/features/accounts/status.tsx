/** How an account stands, as a dot and a word. */

import type { AccountView } from '../../../contract/accounts.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'

const colours: Record<AccountView['status'], string> = {
  active: 'bg-ok',
  suspended: 'bg-amber',
  closed: 'bg-faint',
}

export function AccountStatus({ status }: { status: AccountView['status'] }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden className={classes('size-[7px] rounded-full', colours[status])} />
      {text.accounts.status[status]}
    </span>
  )
}

export interface TrustMarkProps {
  trusted: boolean
  reviewDue: boolean
  /** the account holder asked for trust, and nobody has decided */
  requested?: boolean
}

/** Whether samples are stored of its mail, and whether somebody should decide about that. */
export function TrustMark({ trusted, reviewDue, requested = false }: TrustMarkProps) {
  const { accounts } = text
  if (requested)
    return (
      <span title={accounts.trust.requestedHelp} className="rounded-sm bg-wait-s px-1.5 text-wait text-xs">
        {accounts.trust.requestedShort}
      </span>
    )
  if (!trusted) return <span className="text-faint">{accounts.sampledAs}</span>
  return reviewDue ? (
    <span title={accounts.trust.reviewDueHelp} className="rounded-sm bg-wait-s px-1.5 text-wait text-xs">
      {accounts.trust.reviewDueShort}
    </span>
  ) : (
    <span className="rounded-sm bg-info-s px-1.5 text-info text-xs">{accounts.trusted}</span>
  )
}
