/** How records of the store look on the outside: times ISO 8601 UTC, ids in their written form, null for nothing. */

import type { AccountView, CredentialView } from '../../contract/accounts.ts'
import type { DeliveryView, MessageDetailView } from '../../contract/messages.ts'
import type { QueueGroup, QueueItem } from '../../contract/queue.ts'
import type { RouteRuleView } from '../../contract/routes.ts'
import type { SessionView, UserView } from '../../contract/session.ts'
import type { MessageSummary } from '../../contract/shapes.ts'
import type { Account, Credential } from '../../model/account.ts'
import { isFinal } from '../../model/delivery.ts'
import { formatId } from '../../model/id.ts'
import type { Attempt, Client, MessageDetail } from '../../model/message.ts'
import { GIVE_UP_AFTER } from '../../model/retry.ts'
import type { RouteRule } from '../../model/route.ts'
import type { User } from '../../model/user.ts'
import { accountName } from '../../store/accountName.ts'
import type { Directory, LogRow, QueueGroupRow, QueueRow } from '../../store/store.ts'
import type { StoredSession } from '../../store/users.ts'
import { notFound } from './errors.ts'

/** A time of the store (milliseconds, Unix time) as the contract writes it. */
export function timeView(ms: number): string {
  return new Date(ms).toISOString()
}

/** The same for a time that may be missing. */
export function timeOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : timeView(ms)
}

/** The account of this name, in whatever case. Throws NOT_FOUND. */
export function accountNamed(directory: Directory, name: string): Account {
  const account = directory.accountByName(name.toLowerCase())
  if (!account) throw notFound(`account ${name}`, 'look at the list of accounts')
  return account
}

function credentialName(directory: Directory, id: number | undefined): string | null {
  return id === undefined ? null : (directory.credentialById(id)?.name ?? `#${id}`)
}

function clientView(client: Client): MessageSummary['client'] {
  return { address: client.address, helo: client.helo, tls: client.tls ?? null }
}

export function summaryView(row: LogRow, directory: Directory): MessageSummary {
  return {
    id: formatId(row.id),
    account: accountName(directory, row.account),
    credential: credentialName(directory, row.credential),
    acceptedAt: timeView(row.acceptedAt),
    from: row.from,
    to: row.to,
    subject: row.subject,
    messageId: row.messageId,
    size: row.size,
    status: row.status,
    keepUntil: timeView(row.keepUntil),
    sampled: row.sampled,
    held: row.held,
    inDoubt: row.inDoubt,
    client: clientView(row.client),
  }
}

function attemptView(attempt: Attempt): DeliveryView['attempts'][number] {
  return {
    startedAt: timeView(attempt.startedAt),
    endedAt: timeOrNull(attempt.endedAt),
    destination: attempt.destination,
    tls: attempt.tls ?? null,
    code: attempt.code ?? null,
    enhancedCode: attempt.enhancedCode ?? null,
    reply: attempt.reply ?? null,
    inDoubt: attempt.inDoubt,
    transcript: attempt.transcript,
  }
}

function deliveryViews(detail: MessageDetail): DeliveryView[] {
  return detail.deliveries.map((delivery) => ({
    ordinal: delivery.ordinal,
    recipient: delivery.recipient,
    destination: delivery.destination,
    state: delivery.state,
    reason: delivery.reason,
    nextAttemptAt: timeOrNull(delivery.nextAttemptAt),
    inDoubt: delivery.inDoubt,
    attempts: detail.attempts.filter((attempt) => attempt.ordinals.includes(delivery.ordinal)).map(attemptView),
  }))
}

/** A header block as text. Eight-bit headers are UTF-8 where they can be (RFC 6532), else one character a byte. */
export function headerText(headers: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(headers)
  } catch {
    return Buffer.from(headers).toString('latin1')
  }
}

export function detailView(detail: MessageDetail, directory: Directory): MessageDetailView {
  const { envelope, deliveries } = detail
  const row: LogRow = {
    ...detail,
    from: envelope.from,
    to: deliveries.map((delivery) => delivery.recipient),
    inDoubt: deliveries.some((delivery) => delivery.inDoubt),
  }
  return {
    ...summaryView(row, directory),
    headers: headerText(detail.headers),
    envelope: {
      smtputf8: envelope.smtputf8,
      body: envelope.body,
      ret: envelope.ret ?? null,
      envid: envelope.envid ?? null,
    },
    deliveries: deliveryViews(detail),
    givesUpAt: deliveries.every(({ state }) => isFinal(state)) ? null : timeView(detail.acceptedAt + GIVE_UP_AFTER),
  }
}

/** Whole seconds since a time, 0 for none. */
export function secondsSince(ms: number | undefined, now: number): number {
  return ms === undefined ? 0 : Math.max(0, Math.floor((now - ms) / 1000))
}

export function groupView(row: QueueGroupRow, now: number): QueueGroup {
  const { oldestAt, nextAttemptAt, topReason, ...counts } = row
  return {
    ...counts,
    oldestSeconds: secondsSince(oldestAt, now),
    nextAttemptAt: timeOrNull(nextAttemptAt),
    topReason: topReason ?? null,
  }
}

export function queueItemView(row: QueueRow, directory: Directory): QueueItem {
  const { delivery } = row
  return {
    message: formatId(row.message),
    ordinal: delivery.ordinal,
    account: accountName(directory, row.account),
    from: row.from,
    recipient: delivery.recipient,
    subject: row.subject,
    destination: delivery.destination,
    state: delivery.state,
    reason: delivery.reason,
    acceptedAt: timeView(row.acceptedAt),
    nextAttemptAt: timeOrNull(delivery.nextAttemptAt),
    attempts: delivery.attempts,
    inDoubt: delivery.inDoubt,
    size: row.size,
  }
}

/** A credential without its secret. */
export function credentialView(credential: Credential): CredentialView {
  const { id, kind, name, status, hourlyLimit, createdAt } = credential
  return { id, kind, name, status, hourlyLimit: hourlyLimit ?? null, createdAt: timeView(createdAt) }
}

export function accountView(account: Account, directory: Directory): AccountView {
  const credentials = directory.credentials().filter((credential) => credential.account === account.id)
  return {
    name: account.name,
    contact: account.contact,
    status: account.status,
    statusReason: account.statusReason,
    outgoing: account.outgoing,
    hourlyLimit: account.hourlyLimit ?? null,
    trusted: account.trusted,
    keepDays: account.keepDays ?? null,
    domains: account.domains,
    credentials: credentials.map(credentialView),
    createdAt: timeView(account.createdAt),
  }
}

/** The name of the account a member acts for; null for none. */
export function accountOfCustomer(directory: Directory, account: number | undefined): string | null {
  return account === undefined ? null : accountName(directory, account)
}

/** A person without the password's hash. */
export function userView({ id, email, name, role, account, createdAt }: User, directory: Directory): UserView {
  return { id, email, name, role, account: accountOfCustomer(directory, account), createdAt: timeView(createdAt) }
}

/** A session without its token. @param own id of the session that asks */
export function sessionView(session: StoredSession, own: number | undefined): SessionView {
  const { id, createdAt, seenAt, expiresAt, address, kind } = session
  const times = { since: timeView(createdAt), seenAt: timeView(seenAt), expiresAt: timeView(expiresAt) }
  return { id, ...times, address, kind, current: id === own }
}

/** A route without its password, which is never given back. */
export function routeView({ domain, route }: RouteRule): RouteRuleView {
  if (route.kind !== 'smarthost') return { domain, route }
  const { kind, host, port, tls, username, unverifiedLogin } = route
  return { domain, route: { kind, host, port, tls, username, unverifiedLogin } }
}
