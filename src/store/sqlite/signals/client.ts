/** Signals and the relay's own mail as the store offers them. */

import type { MailboxStore, SignalStore } from '../../signals.ts'
import type { Channel } from '../thread/channel.ts'

/** Signals, and the mail that some of them come from. */
export interface SignalStores {
  signals: SignalStore
  desk: MailboxStore
}

/** Builds the parts of the store that keep signals, and mail to the relay itself until it is read. */
export function createSignals(writer: Channel, reader: Channel): SignalStores {
  const listeners: (() => void)[] = []
  async function adding<T>(work: Promise<T>): Promise<T> {
    const result = await work
    for (const listener of listeners) listener()
    return result
  }
  return { signals: signalStore(writer, reader, adding, listeners), desk: mailboxStore(writer, reader, adding) }
}

type Adding = <T>(work: Promise<T>) => Promise<T>

function signalStore(writer: Channel, reader: Channel, adding: Adding, listeners: (() => void)[]): SignalStore {
  return {
    onAdded: (listener) => void listeners.push(listener),
    list: (query) => reader.call('signals', query),
    get: (id) => reader.call('signal', id),
    add: (signals) => adding(writer.call('addSignals', signals)),
    report: (signal, act) => adding(writer.call('reportSignal', [signal, act])),
    assign: (id, account, act) => adding(writer.call('assignSignal', [id, account, act])),
    dismiss: (id, act) => writer.call('dismissSignal', [id, act]),
    scored: (message, score, flagged, signals) =>
      adding(writer.call('scoredSample', [message, score, flagged, signals])),
    volume: (now, days) => reader.call('signalVolume', [now, days]),
    simulate: (thresholds, since, now) => reader.call('simulateSignals', [thresholds, since, now]),
    purge: (before) => writer.call('purgeSignals', before),
  }
}

function mailboxStore(writer: Channel, reader: Channel, adding: Adding): MailboxStore {
  return {
    take: (mail) => writer.call('takeMailboxMail', mail),
    next: (desk, mostTries) => writer.call('nextMailboxMail', [desk, mostTries]),
    waiting: () => reader.call('waitingMailboxMail', undefined),
    finish: (id, signals, complaints) => adding(writer.call('finishMailboxMail', [id, signals, complaints])),
  }
}
