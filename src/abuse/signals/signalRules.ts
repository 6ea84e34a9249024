/** What people have decided about signals, in memory: it is asked for each message. */

import { defaultScoring, defaultSignalThresholds, type Scoring, type SignalThresholds } from '../../model/signal.ts'
import type { Settings } from '../../store/store.ts'

/** Keys of the settings. */
export const signalSettings = { thresholds: 'signals.thresholds', traps: 'signals.traps', scoring: 'scoring' } as const

export interface SignalPolicy {
  thresholds(): SignalThresholds
  /** addresses nobody writes to, in lower case */
  traps(): ReadonlySet<string>
  scoring(): Scoring
  /** Reads the settings (again). */
  load(): Promise<void>
}

export function createSignalPolicy(settings: Settings): SignalPolicy {
  let thresholds = defaultSignalThresholds
  let traps: ReadonlySet<string> = new Set()
  let scoring = defaultScoring
  return {
    thresholds: () => thresholds,
    traps: () => traps,
    scoring: () => scoring,
    async load() {
      thresholds = { ...defaultSignalThresholds, ...(await settings.get<SignalThresholds>(signalSettings.thresholds)) }
      traps = new Set((await settings.get<string[]>(signalSettings.traps)) ?? [])
      scoring = (await settings.get<Scoring>(signalSettings.scoring)) ?? defaultScoring
    },
  }
}
