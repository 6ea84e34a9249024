/** Signals and the relay's own mail as the store offers them. */

import type { DeskStore, SignalStore } from '../signals.ts'
import type { Channel } from './channel.ts'

/** Builds the part of the store that keeps signals. */
export function createSignals(writer: Channel, reader: Channel): SignalStore {
  return {
    list: (query) => reader.call('signals', query),
    get: (id) => reader.call('signal', id),
    add: (signals) => writer.call('addSignals', signals),
    report: (signal, act) => writer.call('reportSignal', [signal, act]),
    scored: (message, score, flagged, signals) => writer.call('scoredSample', [message, score, flagged, signals]),
    volume: (now, days) => reader.call('signalVolume', [now, days]),
    simulate: (thresholds, since, now) => reader.call('simulateSignals', [thresholds, since, now]),
    purge: (before) => writer.call('purgeSignals', before),
  }
}

/** Builds the part of the store that keeps mail to the relay itself until it is read. */
export function createDesk(writer: Channel, reader: Channel): DeskStore {
  return {
    take: (mail) => writer.call('takeDeskMail', mail),
    next: (desk, mostTries) => writer.call('nextDeskMail', [desk, mostTries]),
    waiting: () => reader.call('waitingDeskMail', undefined),
    finish: (id, signals, complaints) => writer.call('finishDeskMail', [id, signals, complaints]),
  }
}
