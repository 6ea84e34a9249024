/** What a change of the policy does, in words with counts, as of now. */

import type { Account } from '../../model/account.ts'
import type { LineChange } from '../../model/diff.ts'
import type { PolicyContent } from '../../model/privacyPolicy.ts'
import type { RetainedDay } from '../../store/retention.ts'

export interface ChangedPolicy {
  before: PolicyContent | undefined
  after: PolicyContent
  diff: readonly LineChange[]
  accounts: readonly Account[]
  /** days that would be destroyed by the days after */
  plan: readonly RetainedDay[]
}

function counted(count: number, one: string, many: string): string {
  return `${count === 0 ? 'No' : count} ${count === 1 ? one : many}`
}

function destroyed(plan: readonly RetainedDay[]): string {
  if (plan.length === 0) return 'Nothing would be destroyed if it took effect now: no record is as old as that.'
  const sum = (key: 'headers' | 'samples') => plan.reduce((total, day) => total + day[key], 0)
  const samples = sum('samples')
  const what = `${counted(sum('headers'), 'header record', 'header records')} and ${samples} ${samples === 1 ? 'sample' : 'samples'}`
  return `${what} of ${plan.length} ${plan.length === 1 ? 'day' : 'days'} would be destroyed if it took effect now.`
}

function daysEffects({ before, after, accounts, plan }: ChangedPolicy): string[] {
  if (!before || before.keepDays === after.keepDays) return []
  const words = [`Header records and samples are kept ${after.keepDays} days instead of ${before.keepDays}.`]
  if (after.keepDays > before.keepDays)
    return [
      ...words,
      'What is kept already goes on the day it was to go: only mail accepted from then on stays longer.',
    ]
  const held = plan.reduce((total, { held: count }) => total + count, 0)
  const fewer = accounts.filter(({ keepDays }) => keepDays !== undefined && keepDays < after.keepDays).length
  return [
    ...words,
    destroyed(plan),
    ...(held > 0 ? [`${counted(held, 'header record stays', 'header records stay')} because of a legal hold.`] : []),
    ...(fewer > 0
      ? [`${counted(fewer, 'account has', 'accounts have')} fewer days already: nothing changes there.`]
      : []),
  ]
}

/** Everything a change does. */
export function effectsOf(change: ChangedPolicy): string[] {
  const { before, after, diff, accounts } = change
  const ins = diff.filter(({ kind }) => kind === 'in').length
  const outs = diff.filter(({ kind }) => kind === 'out').length
  const owner =
    before && before.owner !== after.owner
      ? [`Responsible for the service is ${after.owner} instead of ${before.owner}.`]
      : []
  const text =
    ins + outs === 0
      ? 'It says the same as the version before.'
      : `${counted(outs, 'line goes', 'lines go')}, ${ins} ${ins === 1 ? 'is' : 'are'} new.`
  return [
    ...daysEffects(change),
    ...owner,
    text,
    `${counted(accounts.length, 'account is', 'accounts are')} told by mail to ${accounts.length === 1 ? 'its contact' : 'their contacts'}.`,
  ]
}
