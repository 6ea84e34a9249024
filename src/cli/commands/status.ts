/** `mailward status`: the state of the relay at a glance. */

import type { Command } from 'commander'
import type { StatusReport } from '../../contract/status.ts'
import { duration, localTime, printable, printDocument, printLine } from '../output.ts'
import { type CommonOptions, withRelay } from '../run.ts'
import { addCommand } from './common.ts'

function address({ host, port }: StatusReport['listeners'][number]): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`
}

function print(status: StatusReport): void {
  const { queue, rate, retention, audit, certificate } = status
  printLine(`Mailward ${status.version} on ${status.hostname}, since ${localTime(status.startedAt)}`)
  if (status.demo) printLine('demo data')
  for (const listener of status.listeners) printLine(`${listener.kind.padEnd(12)} ${address(listener)}`)
  const { queued, sending, deferred, held, inDoubt } = queue
  const states = `${queued} queued, ${sending} sending, ${deferred} deferred, ${held} held, ${inDoubt} in doubt`
  printLine(`queue        ${states}`)
  if (queue.oldestSeconds > 0) printLine(`oldest       ${duration(queue.oldestSeconds)}`)
  printLine(`rate         ${rate.in.toFixed(1)} in, ${rate.out.toFixed(1)} out a second`)
  const oldest = retention.oldestHeader === null ? 'none' : localTime(retention.oldestHeader)
  printLine(`oldest entry ${oldest}${retention.overdue > 0 ? `, ${retention.overdue} days overdue` : ''}`)
  const made = certificate.selfMade ? ', self-made' : ''
  printLine(`certificate  ${printable(certificate.subject)}, until ${localTime(certificate.expiresAt)}${made}`)
  printLine(`audit        ${audit.entries} entries`)
  for (const alarm of retention.alarms) printLine(`alarm        ${printable(alarm)}`)
  for (const notice of status.notices) printLine(`notice       ${printable(notice.text)}`)
}

export function addStatusCommand(program: Command): void {
  addCommand(program, 'status', 'Show the state of the relay').action((options: CommonOptions) =>
    withRelay(options, async (client) => {
      const status = await client.status.get()
      if (options.json) printDocument(status)
      else print(status)
    }),
  )
}
