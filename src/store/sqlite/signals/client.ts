/** Signals and the relay's own mail as the store offers them. */

import type { Tell } from '../../events.ts'
import type { MailboxStore, SignalStore } from '../../signals.ts'
import type { Reader, Writer } from '../threads/threads.ts'

/** Signals, and the mail that some of them come from. */
export interface SignalStores {
  signals: SignalStore
  desk: MailboxStore
}

/** Builds the parts of the store that keep signals, and mail to the relay itself until it is read. */
export function createSignals(writer: Writer, reader: Reader, tell: Tell): SignalStores {
  async function adding<T>(work: Promise<T>): Promise<T> {
    const result = await work
    tell('signals added', undefined)
    return result
  }
  return {
    signals: {
      list: (query) => reader.signals.list(query),
      get: (id) => reader.signals.get(id),
      add: (signals) => adding(writer.signals.add(signals)),
      report: (signal, act) => adding(writer.signals.report(signal, act)),
      assign: (id, account, act) => adding(writer.signals.assign(id, account, act)),
      dismiss: (id, act) => writer.signals.dismiss(id, act),
      scored: (message, score, flagged, signals) => adding(writer.signals.scored(message, score, flagged, signals)),
      volume: (now, days) => reader.signals.volume(now, days),
      simulate: (thresholds, since, now) => reader.signals.simulate(thresholds, since, now),
      purge: (before) => writer.signals.purge(before),
    },
    desk: {
      take: (mail) => writer.desk.take(mail),
      next: (desk, mostTries) => writer.desk.next(desk, mostTries),
      waiting: () => reader.signals.waiting(),
      async finish(id, signals, complaints) {
        const counted = await adding(writer.desk.finish(id, signals, complaints))
        if (counted && counted.length > 0) tell('complaint added', counted)
        return counted
      },
    },
  }
}
