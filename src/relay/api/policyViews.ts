/** How versions of the policy, consents and the register of sharing look on the outside. */

import { signalSettings } from '../../abuse/signals/signalRules.ts'
import type { ConsentView, PolicyChange, PolicyNotice, PolicyVersionView, SharedWith } from '../../contract/policy.ts'
import { formatId } from '../../model/id.ts'
import { daysInEffect, type PolicyContent, policyDiff } from '../../model/privacyPolicy.ts'
import { defaultScoring, type Scoring } from '../../model/signal.ts'
import { effectsOf } from '../../privacy/policy/effects.ts'
import { evidenceOf } from '../../privacy/policy/policyChanges.ts'
import { sharedWith } from '../../privacy/policy/sharing.ts'
import { accountName } from '../../store/accountName.ts'
import type { Consent } from '../../store/consents.ts'
import type { PolicyLetter, PolicyVersion } from '../../store/policy.ts'
import type { Directory } from '../../store/store.ts'
import type { Parts } from './context.ts'
import { timeOrNull, timeView } from './views.ts'

export function versionView(version: PolicyVersion): PolicyVersionView {
  const { inForceAt: _, preparedAt, announcedAt, effectiveAt, ...rest } = version
  return {
    ...rest,
    preparedAt: timeView(preparedAt),
    announcedAt: timeOrNull(announcedAt),
    effectiveAt: timeOrNull(effectiveAt),
  }
}

/** The version a change is compared with: the one in force, or for one that was, the one in force before it. */
function versionBefore(versions: readonly PolicyVersion[], change: PolicyVersion): PolicyContent | undefined {
  if (change.inForceAt === undefined) return versions.find(({ state }) => state === 'in force')
  const since = change.inForceAt
  const earlier = versions.filter(
    ({ version, inForceAt }) => version !== change.version && inForceAt !== undefined && inForceAt <= since,
  )
  // of two that took effect in the same moment the lower number was first
  return earlier
    .filter(({ version, inForceAt }) => inForceAt! < since || version < change.version)
    .sort((a, b) => b.inForceAt! - a.inForceAt! || b.version - a.version)[0]
}

async function noticeView({ store }: Pick<Parts, 'store'>, letter: PolicyLetter): Promise<PolicyNotice> {
  const { account, about, to, message } = letter
  const detail = letter.evidence || message === undefined ? undefined : await store.log.get(message)
  const evidence = letter.evidence ?? (detail && evidenceOf(detail))
  return {
    account: accountName(store.directory, account),
    about,
    to,
    message: message === undefined ? null : formatId(message),
    state: evidence?.state ?? 'waiting',
    at: timeOrNull(evidence?.at),
    reply: evidence?.reply ?? '',
  }
}

/** A version with what it changes, what that does as of now, and the evidence that accounts were told. */
export async function changeView(parts: Pick<Parts, 'store' | 'clock'>, change: PolicyVersion): Promise<PolicyChange> {
  const { store, clock } = parts
  const versions = await store.policy.versions()
  const before = versionBefore(versions, change)
  const isAhead = change.state === 'draft' || change.state === 'announced'
  const inForce = versions.find(({ state }) => state === 'in force')
  const after = isAhead ? { ...change, keepDays: daysInEffect(change, inForce) } : change
  const diff = policyDiff(before, after)
  const plan = isAhead ? await store.retention.plan(clock.now(), after.keepDays) : []
  const accounts = store.directory.accounts()
  const letters = await store.policy.letters(change.version)
  return {
    ...versionView(change),
    diff,
    effects: isAhead ? effectsOf({ before, after, diff, accounts, plan }) : [],
    notices: await Promise.all(letters.map((letter) => noticeView(parts, letter))),
  }
}

export function consentView({ withdrawn, ...consent }: Consent, directory: Directory): ConsentView {
  const { id, account, address, purpose, givenAt, source } = consent
  return {
    id,
    account: accountName(directory, account),
    address,
    purpose,
    givenAt: timeView(givenAt),
    source,
    withdrawnAt: timeOrNull(withdrawn?.at),
    withdrawnBy: withdrawn?.by ?? null,
  }
}

/** Who data is shared with, by the settings in force now. */
export async function sharingNow({
  store,
  clock,
  checkpoints,
}: Pick<Parts, 'store' | 'clock' | 'checkpoints'>): Promise<SharedWith[]> {
  const now = clock.now()
  const backups = (await store.keys.backups()).filter(({ destroyBy }) => destroyBy > now)
  return sharedWith({
    routes: store.directory.routes(),
    scoring: (await store.settings.get<Scoring>(signalSettings.scoring)) ?? defaultScoring,
    backups: backups.map(({ folder }) => folder),
    checkpoints: checkpoints.place(),
  })
}
