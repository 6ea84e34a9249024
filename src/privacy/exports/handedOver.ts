/** Makes a header record into what is handed over: as it is for an account holder, without other people for a person. */

import { formatId } from '../../model/id.ts'
import type { Attempt, Delivery, MessageDetail } from '../../model/message.ts'
import type { PackedAttempt, PackedDelivery, PackedRecord } from './content.ts'
import { Numbering, Redactor } from './redact.ts'
import { redactHeaders } from './redactHeaders.ts'

/** What the packer has to know of an account. */
export interface KnownAccount {
  id: number
  name: string
  /** lower-case A-labels */
  domains: string[]
}

function time(ms: number): string {
  return new Date(ms).toISOString()
}

/** A header block as text. Eight-bit headers are UTF-8 where they can be (RFC 6532), else one character a byte. */
function headerText(headers: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(headers)
  } catch {
    return Buffer.from(headers).toString('latin1')
  }
}

function packAttempt(attempt: Attempt, text: (text: string) => string): PackedAttempt {
  const { startedAt, endedAt, destination, tls, code, enhancedCode, reply, transcript } = attempt
  return {
    startedAt: time(startedAt),
    endedAt: endedAt === undefined ? null : time(endedAt),
    destination,
    tls: tls ?? null,
    code: code ?? null,
    enhancedCode: enhancedCode ?? null,
    reply: reply === undefined ? null : text(reply),
    transcript: text(transcript),
  }
}

function attemptsOf(detail: MessageDetail, delivery: Delivery, text: (text: string) => string): PackedAttempt[] {
  const own = detail.attempts.filter(({ ordinals }) => ordinals.includes(delivery.ordinal))
  return own.map((attempt) => packAttempt(attempt, text))
}

function common(detail: MessageDetail, account: string) {
  const { id, acceptedAt, keepUntil, size, status, sampled } = detail
  return { id: formatId(id), account, acceptedAt: time(acceptedAt), keepUntil: time(keepUntil), size, status, sampled }
}

/** A record of an account's own mail, whole. */
function packWhole(detail: MessageDetail, account: string): PackedRecord {
  const { envelope, deliveries, client, subject, messageId } = detail
  const asItIs = (text: string) => text
  return {
    ...common(detail, account),
    from: envelope.from,
    to: deliveries.map(({ recipient }) => recipient),
    subject,
    messageId,
    client: { address: client.address, helo: client.helo, tls: client.tls ?? null },
    deliveries: deliveries.map((delivery) => ({
      recipient: delivery.recipient,
      state: delivery.state,
      reason: delivery.reason,
      attempts: attemptsOf(detail, delivery, asItIs),
    })),
    headers: headerText(detail.headers),
  }
}

/** A record without other people. What became of deliveries to them is theirs, unless the person wrote the mail. */
function packRedacted(detail: MessageDetail, account: string, redactor: Redactor): PackedRecord {
  const { envelope, deliveries } = detail
  const text = (value: string) => redactor.text(value)
  const isAuthor = redactor.isSubject(envelope.from)
  const packDelivery = (delivery: Delivery): PackedDelivery => {
    const { recipient, state, reason } = delivery
    const shown = { recipient: redactor.address(recipient), state }
    if (!isAuthor && !redactor.isSubject(recipient)) return shown
    return { ...shown, reason: text(reason), attempts: attemptsOf(detail, delivery, text) }
  }
  return {
    ...common(detail, account),
    from: redactor.address(envelope.from),
    to: deliveries.map(({ recipient }) => redactor.address(recipient)),
    subject: text(detail.subject),
    messageId: redactor.messageId(detail.messageId),
    deliveries: deliveries.map(packDelivery),
    headers: redactHeaders(headerText(detail.headers), redactor),
  }
}

/**
 * Packs the records of one package.
 * @param person as mailboxKey writes it; undefined for an account holder's own log, which keeps whom it wrote to
 */
export function createPacker(person: string | undefined, accounts: readonly KnownAccount[]) {
  const known = new Map(accounts.map((account) => [account.id, account]))
  const numbering = new Numbering()
  const redactors = new Map<number, Redactor>()

  function redactorOf(account: number): Redactor {
    const there = redactors.get(account)
    if (there) return there
    const made = new Redactor(numbering, { person, domains: new Set(known.get(account)?.domains) })
    redactors.set(account, made)
    return made
  }

  return (detail: MessageDetail): PackedRecord => {
    const name = known.get(detail.account)?.name ?? (detail.account === 0 ? 'mailward' : `#${detail.account}`)
    return person === undefined ? packWhole(detail, name) : packRedacted(detail, name, redactorOf(detail.account))
  }
}
