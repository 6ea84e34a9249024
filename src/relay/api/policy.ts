/** Calls about the policy in its versions, who data is shared with, consent to mailings, and links in letters. */

import { LEAST_NOTICE_MS, type PolicyContent } from '../../model/privacyPolicy.ts'
import { publicUrl, setPublicUrl } from '../../privacy/policy/publicUrl.ts'
import type { PolicyResult, PolicyVersion } from '../../store/policy.ts'
import type { Act } from '../../store/trust.ts'
import { type Actor, actorName } from '../auth/authorise.ts'
import type { Guarded } from './base.ts'
import { checkEmail } from './check.ts'
import { audit, entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'
import { changeView, consentView, sharingNow, versionView } from './policyViews.ts'
import { accountNamed } from './views.ts'

function actOf({ clock }: Pick<Parts, 'clock'>, actor: Actor, reason: string): Act {
  return { actor: actorName(actor), at: clock.now(), reason }
}

function granted(result: PolicyResult, version: number): PolicyVersion {
  if (result.ok) return result.version
  switch (result.refusal) {
    case 'not found':
      throw notFound(`version ${version} of the policy`, 'look at the list of versions')
    case 'another draft':
      throw conflict('there is a draft already', 'revise it, or withdraw it first')
    case 'another announced':
      throw conflict('another change is announced already', 'wait until it is in force, or withdraw it first')
    case 'wrong state':
      throw conflict(`version ${version} is not in a state for that any more`, 'look at the list of versions')
  }
}

/** When a change takes effect, milliseconds of Unix time. @throws a refusal when that is too soon for accounts to be told */
function effectiveTime({ clock }: Pick<Parts, 'clock'>, text: string): number {
  const at = Date.parse(text)
  const earliest = clock.now() + LEAST_NOTICE_MS
  if (at >= earliest) return at
  const hours = LEAST_NOTICE_MS / 3_600_000
  const written = `${new Date(Math.ceil(earliest / 60_000) * 60_000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  throw refused(
    `accounts are told at least ${hours} hours before a change takes effect`,
    `choose a time from ${written} on`,
  )
}

function contentOf({ text, owner, keepDays }: PolicyContent): PolicyContent {
  return { text, owner, keepDays }
}

export function policyCalls(os: Guarded, parts: Parts) {
  const { engine, store } = parts
  const { consents, directory, policy, settings } = store

  async function versionNumbered(version: number): Promise<PolicyVersion> {
    const found = await policy.get(version)
    if (!found) throw notFound(`version ${version} of the policy`, 'look at the list of versions')
    return found
  }

  return {
    versions: os.policy.versions.handler(async () => (await policy.versions()).map(versionView)),

    get: os.policy.get.handler(async ({ input }) => changeView(parts, await versionNumbered(input.version))),

    prepare: os.policy.prepare.handler(async ({ input, context }) => {
      const result = await policy.prepare(contentOf(input), actOf(parts, context.actor, input.reason))
      return changeView(parts, granted(result, 0))
    }),

    revise: os.policy.revise.handler(async ({ input, context }) => {
      const { version, reason } = input
      const result = await policy.revise(version, contentOf(input), actOf(parts, context.actor, reason))
      return changeView(parts, granted(result, version))
    }),

    previewNotice: os.policy.previewNotice.handler(async ({ input }) => {
      const change = await versionNumbered(input.version)
      const { subject, paragraphs } = await engine.policy.draft(change, Date.parse(input.effectiveAt))
      return {
        recipients: directory.accounts().map(({ contact }) => contact),
        subject,
        text: paragraphs.join('\n\n'),
      }
    }),

    announce: os.policy.announce.handler(async ({ input, context }) => {
      const { version } = input
      const at = effectiveTime(parts, input.effectiveAt)
      granted(await policy.announce(version, at, actOf(parts, context.actor, '')), version)
      await engine.policy.poll()
      return changeView(parts, await versionNumbered(version))
    }),

    withdraw: os.policy.withdraw.handler(async ({ input, context }) => {
      const { version, reason } = input
      granted(await policy.withdraw(version, actOf(parts, context.actor, reason)), version)
      await engine.policy.poll()
      return changeView(parts, await versionNumbered(version))
    }),

    sharing: os.policy.sharing.handler(() => sharingNow(parts)),

    consents: os.policy.consents.handler(async ({ input }) => {
      const account = input.account === undefined ? undefined : accountNamed(directory, input.account).id
      const found = await consents.list({ account, purpose: input.purpose })
      return found.map((consent) => consentView(consent, directory))
    }),

    giveConsent: os.policy.giveConsent.handler(async ({ input, context }) => {
      const account = accountNamed(directory, input.account)
      const address = checkEmail(input.address)
      if (!address.ok) throw refused(address.problem)
      const given = { account: account.id, address: address.value, purpose: input.purpose, source: input.source }
      const consent = await consents.give(given, actOf(parts, context.actor, input.source))
      if (!consent) throw conflict('this consent stands already', 'look at the list of consents')
      return consentView(consent, directory)
    }),

    withdrawConsent: os.policy.withdrawConsent.handler(async ({ input, context }) => {
      const act = actOf(parts, context.actor, input.reason)
      const consent = await engine.consents.withdraw(input.id, 'by hand', act)
      if (!consent) throw notFound(`consent ${input.id}`, 'look at the list of consents')
      return consentView(consent, directory)
    }),

    sendMailing: os.policy.sendMailing.handler(async ({ input, context }) => {
      const { purpose, subject, text } = input
      if ((await consents.list({ purpose, standing: true })).length === 0)
        throw refused(`nobody consents to mail about ${purpose}`, 'record a consent first, or choose another purpose')
      const answer = await engine.consents.send({ purpose, subject, text, publicUrl: await publicUrl(settings) })
      await audit(parts, context.actor, { action: 'consents.mail', object: `purpose ${purpose}`, facts: { ...answer } })
      return answer
    }),

    publicUrl: os.policy.publicUrl.handler(async () => ({ url: await publicUrl(settings) })),

    setPublicUrl: os.policy.setPublicUrl.handler(async ({ input, context }) => {
      const { url, reason } = input
      const said = { action: 'policy.setPublicUrl', object: 'public address', reason, details: { url } }
      await setPublicUrl(settings, url, entryOf(parts, context.actor, said))
      return { url }
    }),
  }
}
