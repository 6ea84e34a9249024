/** Signals and the relay's own mail as the store offers them. */

import type { DeskStore, SignalStore } from '../signals.ts'
import type { Channel } from './channel.ts'

/** Signals, and the mail that some of them come from. */
export interface SignalStores {
  signals: SignalStore
  desk: DeskStore
}

/** Builds the parts of the store that keep signals, and mail to the relay itself until it is read. */
export function createSignals(writer: Channel, reader: Channel): SignalStores {
  const listeners: (() => void)[] = []
  async function adding<T>(work: Promise<T>): Promise<T> {
    const result = await work
    for (const listener of listeners) listener()
    return result
  }
  return { signals: signalStore(writer, reader, adding, listeners), desk: deskStore(writer, reader, adding) }
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

function deskStore(writer: Channel, reader: Channel, adding: Adding): DeskStore {
  return {
    take: (mail) => writer.call('takeDeskMail', mail),
    next: (desk, mostTries) => writer.call('nextDeskMail', [desk, mostTries]),
    waiting: () => reader.call('waitingDeskMail', undefined),
    finish: (id, signals, complaints) => adding(writer.call('finishDeskMail', [id, signals, complaints])),
  }
}
