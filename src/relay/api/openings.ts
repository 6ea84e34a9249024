/** Calls about the opening of sealed samples. There is no other way to the content of one. */

import { caseSettings, setCaseSettings } from '../../abuse/cases/caseSettings.ts'
import { viewMessage } from '../../abuse/viewer/viewer.ts'
import { formatId, parseId, timeOfId } from '../../model/id.ts'
import type { Opening, OpeningResult } from '../../store/cases.ts'
import type { Actor } from '../auth/authorise.ts'
import { SealKeyRefused } from '../keys/sealKey.ts'
import { actorOf } from './actor.ts'
import type { Guarded } from './base.ts'
import { openingView } from './caseViews.ts'
import { entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused } from './errors.ts'
import { accountNamed, timeView } from './views.ts'

const MINUTE_MS = 60_000

type Refusal = Extract<OpeningResult, { ok: false }>['refusal']

function refusalOf(refusal: Refusal) {
  switch (refusal) {
    case 'not found':
      return notFound('such opening or case', 'look at the case')
    case 'no sample':
      return notFound('such sample of this account', 'choose one of the samples of the case')
    case 'sample over':
      return notFound('such sample any more', 'its time is over')
    case 'case closed':
      return conflict('the case is decided', 'open it again to look further')
    case 'suspicion':
      return refused('the suspicion is below the threshold', 'attach signals, or say why it is opened all the same')
    case 'own request':
      return refused('nobody approves their own request', 'ask a second person')
    case 'not yours':
      return refused('this opening belongs to another person', 'ask for one of your own')
    case 'too early':
      return refused('it is not time yet', 'wait until the opening may be used')
    case 'wrong state':
      return conflict('this opening was used, refused, taken back, or has expired', 'ask for a new one')
  }
}

function granted(result: OpeningResult): Opening {
  if (!result.ok) throw refusalOf(result.refusal)
  return result.opening
}

/** Openings need a person with a name: the owner of the data folder on the command line is not enough. */
function userOf(actor: Actor) {
  if (actor.kind !== 'person') throw refused('an opening needs a person', 'log in to the console')
  return actorOf(actor)
}

export function openingCalls(os: Guarded, parts: Parts) {
  const { store, clock, sealKey } = parts
  const { cases, directory, settings } = store

  async function unlock(passphrase: string | undefined): Promise<Uint8Array> {
    try {
      return await sealKey.unlock(passphrase)
    } catch (error) {
      if (error instanceof SealKeyRefused) throw refused(error.message, error.change)
      throw error
    }
  }

  return {
    request: os.openings.request.handler(async ({ input, context }) => {
      const actor = userOf(context.actor)
      const sample = parseId(input.sample)
      if (sample === undefined) throw refused(`${input.sample} is no id of a sample`, 'copy it from the case')
      const given = { case: input.case, sample, reason: input.reason, override: input.override }
      return openingView(granted(await cases.requestOpening(given, await caseSettings(settings), actor, clock.now())))
    }),

    approve: os.openings.approve.handler(async ({ input, context }) => {
      const actor = userOf(context.actor)
      return openingView(
        granted(await cases.approveOpening(input.id, await caseSettings(settings), actor, clock.now())),
      )
    }),

    refuse: os.openings.refuse.handler(async ({ input, context }) =>
      openingView(granted(await cases.refuseOpening(input.id, input.reason, userOf(context.actor), clock.now()))),
    ),

    revoke: os.openings.revoke.handler(async ({ input, context }) =>
      openingView(granted(await cases.revokeOpening(input.id, input.reason, userOf(context.actor), clock.now()))),
    ),

    view: os.openings.view.handler(async ({ input, context }) => {
      const actor = userOf(context.actor)
      // a wrong passphrase must not use the opening up
      const key = await unlock(input.passphrase)
      try {
        const now = clock.now()
        const opening = granted(await cases.takeOpening(input.id, actor, now))
        const sample = await store.samples.open(opening.sample, key)
        if (!sample) throw notFound('such sample any more', 'its time was over')
        const taken = await viewMessage(sample.bytes)
        sample.bytes.fill(0)
        const { viewMinutes } = await caseSettings(settings)
        return {
          opening: openingView(opening),
          until: timeView(now + viewMinutes * MINUTE_MS),
          watermark: `${actor.email} · ${timeView(now)} · case ${opening.case}`,
          from: sample.from,
          to: sample.to,
          ...taken,
        }
      } finally {
        key.fill(0)
      }
    }),

    policy: os.openings.policy.handler(() => caseSettings(settings)),

    setPolicy: os.openings.setPolicy.handler(async ({ input, context }) => {
      const { reason, ...policy } = input
      const said = { action: 'openings.setPolicy', object: 'policy of review', reason, facts: { ...policy } }
      await setCaseSettings(settings, policy, entryOf(parts, context.actor, said))
      return policy
    }),

    report: os.openings.report.handler(async ({ input }) => {
      const account = accountNamed(directory, input.name)
      const { samples, openings, announced } = await cases.accessReport(account.id)
      return {
        account: account.name,
        at: timeView(clock.now()),
        samples,
        announced: announced.map(({ opensAt, sample, case: id, reason }) => ({
          opensAt: timeView(opensAt),
          sample: formatId(sample),
          case: id,
          reason,
        })),
        openings: openings.map(({ at, sample, case: id, reason }) => ({
          at: timeView(at),
          sample: formatId(sample),
          acceptedAt: timeView(timeOfId(sample)),
          case: id,
          reason,
        })),
      }
    }),
  }
}
