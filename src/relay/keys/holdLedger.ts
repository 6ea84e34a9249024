/**
 * Legal holds in the erasure ledger: a hold that was released must not keep again what an older backup brings back, and
 * one that was placed must keep it before retention runs over the restored folder. A hold is told by the moment it was
 * placed: its number may be another one after a restore.
 */

import { z } from 'zod'
import type { HoldScope } from '../../model/hold.ts'
import type { HoldStore } from '../../store/holds.ts'
import type { LegalRequestStore } from '../../store/legalRequests.ts'
import type { Store } from '../../store/store.ts'

/** What a hold covers, without the address where it is one: that one can only be placed again by a person. */
const ledgerScopeShape = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('account'), account: z.number().int() }),
  z.object({ kind: z.literal('address') }),
  z.object({ kind: z.literal('period'), since: z.number().int(), until: z.number().int() }),
  z.object({ kind: z.literal('message'), message: z.number().int() }),
])

export const holdPlacedShape = z.object({
  kind: z.literal('hold placed'),
  at: z.number().int(),
  scope: ledgerScopeShape,
})

export const holdReleasedShape = z.object({
  kind: z.literal('hold released'),
  at: z.number().int(),
  /** of the hold */
  placedAt: z.number().int(),
})

type HoldErasure = z.infer<typeof holdPlacedShape> | z.infer<typeof holdReleasedShape>

interface HoldLedger {
  append(erasure: HoldErasure): Promise<void>
}

function placed(scope: HoldScope, at: number): HoldErasure {
  return { kind: 'hold placed', at, scope: scope.kind === 'address' ? { kind: 'address' } : scope }
}

/** Holds, each written down before it is placed or released. */
export function holdsWithLedger(holds: HoldStore, ledger: HoldLedger): HoldStore {
  return {
    ...holds,
    async place(scope, act) {
      await ledger.append(placed(scope, act.at))
      return holds.place(scope, act)
    },
    async release(id, act) {
      const found = (await holds.list()).find((hold) => hold.id === id)
      if (found && !found.released) await ledger.append({ kind: 'hold released', at: act.at, placedAt: found.placedAt })
      return holds.release(id, act)
    },
  }
}

/** Legal demands, with the holds that come and go with them. */
export function legalRequestsWithLedger(
  legalRequests: LegalRequestStore,
  holds: Pick<HoldStore, 'list'>,
  ledger: HoldLedger,
): LegalRequestStore {
  return {
    ...legalRequests,
    async record(demand, act) {
      if (demand.hold) await ledger.append(placed(demand.scope, act.at))
      return legalRequests.record(demand, act)
    },
    async close(id, act) {
      const result = await legalRequests.close(id, act)
      // written after, as a closing may be refused: should a crash come between, the hold keeps more than it has to
      const hold = result.ok ? result.legalRequest.hold : undefined
      const found = hold === undefined ? undefined : (await holds.list()).find((one) => one.id === hold)
      if (found) await ledger.append({ kind: 'hold released', at: act.at, placedAt: found.placedAt })
      return result
    },
  }
}

const ACTOR = 'system'

/** Places or releases again, in a restored folder, what the backup does not know yet. Returns how many orders were repeated. */
export async function replayHold(store: Pick<Store, 'holds'>, erasure: HoldErasure): Promise<number> {
  const { at } = erasure
  const moment = erasure.kind === 'hold placed' ? at : erasure.placedAt
  const known = (await store.holds.list()).find(({ placedAt }) => placedAt === moment)
  if (erasure.kind === 'hold released') {
    if (!known || known.released) return 0
    const reason = 'released before, as the erasure ledger says'
    await store.holds.release(known.id, { actor: ACTOR, at, reason })
    return 1
  }
  if (known) return 0
  const { scope } = erasure
  if (scope.kind === 'address') {
    const reason =
      'stands for a legal hold on an address, which was placed after the backup: place that one again, then release this one'
    await store.holds.place({ kind: 'period', since: 0, until: at }, { actor: ACTOR, at, reason })
  } else {
    await store.holds.place(scope, { actor: ACTOR, at, reason: 'placed before, as the erasure ledger says' })
  }
  return 1
}
