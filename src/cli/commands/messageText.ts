/** Messages as people read them on a terminal. */

import type { DeliveryView, MessageDetailView } from '../../contract/messages.ts'
import type { MessageSummary } from '../../contract/shapes.ts'
import { localTime, printable, printLine, printRows } from '../output.ts'

const columns = ['TIME', 'ID', 'STATUS', 'ACCOUNT', 'FROM', 'TO', 'SUBJECT']
/** Fixed, so that what `--follow` adds stands under what is there. */
const widths = [19, 11, 9, 16, 32, 32, 80]

function recipients(to: readonly string[]): string {
  return to.length > 1 ? `${to[0]} +${to.length - 1}` : (to[0] ?? '')
}

/** A list of messages, with its header line or, when it goes on, without. */
export function printMessages(items: readonly MessageSummary[], header: boolean): void {
  const rows = items.map((item) => [
    localTime(item.acceptedAt),
    item.id,
    item.status,
    item.account,
    item.from || '<>',
    recipients(item.to),
    item.subject,
  ])
  printRows(header ? [columns, ...rows] : rows, widths)
}

function printDelivery(delivery: DeliveryView): void {
  const doubt = delivery.inDoubt ? ', in doubt' : ''
  printLine('')
  printLine(`${printable(delivery.recipient)}: ${delivery.state}${doubt}`)
  printLine(`  ${printable(delivery.reason)}`)
  if (delivery.nextAttemptAt !== null) printLine(`  next attempt ${localTime(delivery.nextAttemptAt)}`)
  for (const attempt of delivery.attempts) {
    printLine(`  attempt ${localTime(attempt.startedAt)} at ${printable(attempt.destination)}`)
    for (const line of attempt.transcript.split(/\r?\n/)) if (line) printLine(`    ${printable(line)}`)
  }
}

/** Everything about one message. */
export function printMessage(message: MessageDetailView): void {
  printLine(`message   ${message.id}: ${message.status}`)
  printLine(`account   ${message.account}${message.credential === null ? '' : `, by ${printable(message.credential)}`}`)
  printLine(`accepted  ${localTime(message.acceptedAt)}, ${message.size} bytes`)
  printLine(`from      ${printable(message.from) || '<>'}`)
  printLine(`client    ${message.client.address} (${printable(message.client.helo)}) ${message.client.tls ?? 'no TLS'}`)
  printLine(`deleted   ${localTime(message.keepUntil)}`)
  for (const delivery of message.deliveries) printDelivery(delivery)
  printLine('')
  for (const line of message.headers.trimEnd().split(/\r?\n/)) printLine(printable(line.replaceAll('\t', ' ')))
}
