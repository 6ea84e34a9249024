/** The records a row is about, where they have a screen. */

import { Link } from '@tanstack/react-router'
import type { Role } from '../../../model/user.ts'
import { useUser } from '../../api.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'

const words = text.audit.row
const look = 'inline-flex h-6 items-center rounded-md border border-line bg-raised px-2 text-sm hover:bg-row-hover'

export interface RelatedProps {
  object: string
  facts: Readonly<Record<string, unknown>>
}

interface Found {
  account: string | undefined
  message: string | undefined
  receipt: number | undefined
  hold: number | undefined
}

function numberOf(value: unknown): number | undefined {
  return typeof value === 'number' && value > 0 ? value : undefined
}

/** What a row names. Objects are written `kind name`; a bare number is an id, which no account is called by. */
function find({ object, facts }: RelatedProps, role: Role): Found {
  const named = (kind: string): string | undefined => new RegExp(`^${kind} (\\S+)$`).exec(object)?.[1]
  return {
    account: /^\d+$/.test(named('account') ?? '') ? undefined : named('account'),
    // an auditor may not see messages
    message: role === 'admin' ? named('message') : undefined,
    receipt: numberOf(facts.receipt) ?? numberOf(Number(named('receipt'))),
    hold: numberOf(facts.hold) ?? numberOf(Number(named('hold'))),
  }
}

export function Related(props: RelatedProps) {
  const { role } = useUser()
  const { account, message, receipt, hold } = find(props, role)
  const retention = '/retention/{-$view}/{-$id}'
  if (!account && !message && !receipt && !hold) return null
  return (
    <nav aria-label={words.related} className="mt-3 flex flex-wrap gap-1.5">
      {account ? (
        <Link to="/accounts/{-$name}" params={{ name: account }} className={look}>
          {text.retention.holds.of.account(account)}
        </Link>
      ) : null}
      {message ? (
        <Link to="/messages/{-$id}" params={{ id: message }} search={{}} className={look}>
          {text.retention.holds.of.message(message)}
        </Link>
      ) : null}
      {receipt ? (
        <Link to={retention} params={{ view: 'receipts', id: String(receipt) }} search={{}} className={look}>
          {text.retention.receipts.name(count(receipt))}
        </Link>
      ) : null}
      {hold ? (
        <Link to={retention} params={{ view: 'holds', id: String(hold) }} search={{}} className={look}>
          {text.retention.holds.name(count(hold))}
        </Link>
      ) : null}
    </nav>
  )
}
