/** The sentences of the promise, each checked now against what is there. */

import type { CheckView } from '../../contract/retention.ts'
import type { RetentionFindings, RetentionState } from '../../store/retention.ts'
import type { MadeBackup } from '../backup/backups.ts'
import { timeView } from './views.ts'

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
/** What has ended is destroyed within a minute; what is still there after this breaks the promise. */
const LATE = 5 * MINUTE
/** Runs and checkpoints are hourly. */
const MISSED = 3 * HOUR

/** What the checks are made of. */
export interface Checked {
  /** milliseconds, Unix time */
  now: number
  /** days of the policy */
  days: number
  state: RetentionState
  findings: RetentionFindings
  backups: readonly MadeBackup[]
  /** requests that are not answered */
  requests: { open: number; dueSoon: number; overdue: number }
  /** the clock is in question */
  clockAsked: boolean
}

type Found = Pick<CheckView, 'value' | 'state'>

function age(ms: number): string {
  const hours = Math.max(0, Math.floor(ms / HOUR))
  return `${Math.floor(hours / 24)} d ${hours % 24} h`
}

function count(number: number, one: string, many: string): string {
  return `${number === 0 ? 'no' : number} ${number === 1 ? one : many}`
}

function headers({ now, days, state, findings }: Checked): Found {
  const { youngestOfOldestDay, liveOverdue } = findings
  const unfinished =
    liveOverdue === 0 ? '' : `; ${count(liveOverdue, 'older message is', 'older messages are')} kept until finished`
  if (state.overdueSince !== undefined && now - state.overdueSince > LATE)
    return { state: 'broken', value: `${count(state.overdue, 'day is', 'days are')} over the limit${unfinished}` }
  if (youngestOfOldestDay === undefined) return { state: 'ok', value: `nothing is kept${unfinished}` }
  const value = `youngest record of the oldest day is ${age(now - youngestOfOldestDay)} old, limit ${days} d${unfinished}`
  return { state: 'ok', value }
}

function samples({ now, days, state }: Checked): Found {
  if (state.oldestSample === undefined) return { state: 'ok', value: 'no samples are kept' }
  // a day's samples go together, when the youngest is over: so one may lie unseen for a day more
  const isOver = now - state.oldestSample > (days + 1) * DAY + LATE
  const value = `${count(state.samples, 'sample', 'samples')}, the oldest ${age(now - state.oldestSample)} old, limit ${days} d`
  return { state: isOver ? 'broken' : 'ok', value }
}

function bodies({ findings: { bodies: found } }: Checked): Found {
  const looked = found.all ? `of ${found.looked} bodies` : `of the ${found.looked} oldest and newest bodies`
  if (found.finished > 0)
    return { state: 'broken', value: `${count(found.finished, 'body belongs', 'bodies belong')} to finished mail` }
  return { state: 'ok', value: found.looked === 0 ? 'no bodies are kept' : `none ${looked} belongs to finished mail` }
}

function files({ findings: { orphans } }: Checked): Found {
  return {
    state: orphans === 0 ? 'ok' : 'warning',
    value: `${count(orphans, 'file', 'files')} without an entry${orphans === 0 ? '' : ': swept in the next run'}`,
  }
}

function ago(since: number): string {
  const minutes = Math.floor(since / MINUTE)
  return minutes < 1 ? 'just now' : `${minutes} min ago`
}

function runs({ now, state: { lastRun } }: Checked): Found {
  if (lastRun === undefined) return { state: 'broken', value: 'it never ran' }
  const since = now - lastRun
  return {
    state: since > MISSED ? 'broken' : 'ok',
    value: `last run ${ago(since)}`,
  }
}

function receipts({ findings: { receipts: made, invalidReceipts, pendingReceipts } }: Checked): Found {
  const pending =
    pendingReceipts === 0 ? '' : `; ${count(pendingReceipts, 'deletion is', 'deletions are')} not complete`
  const looked = Math.min(made, 20)
  if (invalidReceipts > 0)
    return { state: 'broken', value: `${invalidReceipts} of the latest ${looked} do not verify${pending}` }
  const value = made === 0 ? `nothing was destroyed yet${pending}` : `the latest ${looked} of ${made} verify${pending}`
  return { state: pendingReceipts > 0 ? 'warning' : 'ok', value }
}

function checkpoints({ now, findings: { audit } }: Checked): Found {
  if (audit.entries === 0) return { state: 'ok', value: 'no entries yet' }
  if (audit.checkpointAt === undefined)
    return { state: 'warning', value: `${audit.entries} entries, no checkpoint yet` }
  const behind = audit.entries - (audit.checkpointSequence ?? 0)
  const since = now - audit.checkpointAt
  const value = `${count(behind, 'entry', 'entries')} since the last checkpoint, ${ago(since)}`
  return { state: behind > 0 && since > MISSED ? 'warning' : 'ok', value }
}

function seal({ findings: { sampleKeysInReach, sealKeys } }: Checked): Found {
  if (sampleKeysInReach > 0)
    return {
      state: 'broken',
      value: `${count(sampleKeysInReach, 'day key', 'day keys')} can be read without the seal key`,
    }
  return {
    state: 'ok',
    value: `every day key is wrapped by the seal key (${count(sealKeys, 'seal key', 'seal keys')})`,
  }
}

/** Only those whose files are still where they were written: what became of a copy elsewhere nobody here can know. */
function backups({ backups: made, now }: Checked): Found {
  const present = made.filter((backup) => backup.present)
  const late = present.filter(({ destroyBy }) => destroyBy <= now).length
  if (late > 0)
    return { state: 'broken', value: `${count(late, 'backup is', 'backups are')} past the day to destroy it` }
  if (present.length === 0) return { state: 'ok', value: 'there are no backups where they were written' }
  return { state: 'ok', value: `${count(present.length, 'backup', 'backups')}, all within date` }
}

function clock({ clockAsked }: Checked): Found {
  return clockAsked
    ? { state: 'broken', value: 'the clock jumped by more than a day: it is not believed' }
    : { state: 'ok', value: 'in step' }
}

function requests({ requests: { open, dueSoon, overdue } }: Checked): Found {
  if (overdue > 0) return { state: 'broken', value: `${count(overdue, 'request is', 'requests are')} overdue` }
  const soon = dueSoon > 0 ? `, ${dueSoon} due within 7 days` : ''
  return { state: dueSoon > 0 ? 'warning' : 'ok', value: `${count(open, 'request is', 'requests are')} open${soon}` }
}

/** Checks every sentence. */
export function checkPromise(checked: Checked): CheckView[] {
  const { days, now } = checked
  const sentences: [string, string, Found][] = [
    ['headers.age', `Headers of every message are kept ${days} days, then are gone.`, headers(checked)],
    [
      'samples.age',
      `One message in a thousand is kept whole, sealed, for ${days} days, then is gone.`,
      samples(checked),
    ],
    ['bodies.finished', 'Nothing else of a message is kept once it is delivered.', bodies(checked)],
    ['samples.sealed', 'The running relay cannot read what it has sealed.', seal(checked)],
    ['files.orphans', 'No file of a day outlives its entry in the catalogue.', files(checked)],
    ['retention.run', 'What is over is looked for every hour, and destroyed.', runs(checked)],
    ['receipts.valid', 'Every deletion leaves a signed receipt, chained into the audit log.', receipts(checked)],
    ['audit.checkpoint', 'The audit log is signed every hour.', checkpoints(checked)],
    ['requests.due', 'What people ask about their data is answered within 30 days.', requests(checked)],
    ['backups.date', 'Backups are destroyed by the date they carry.', backups(checked)],
    ['clock', 'A clock that jumps neither shows again what was over nor destroys anything unasked.', clock(checked)],
  ]
  return sentences.map(([id, sentence, found]) => ({ id, sentence, ...found, checkedAt: timeView(now) }))
}
