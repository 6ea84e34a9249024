/** Legal demands nobody may be told of yet: what is said to people says nothing of them, or of what they keep. */

import { DAY_MS } from '../../model/retention.ts'
import type { LegalRequest } from '../../store/legalRequests.ts'
import type { Store } from '../../store/store.ts'
import type { ColumnCount, SubjectScope, SubjectStore } from '../../store/subjects.ts'

const PAGE = 200

/** What has to be known to say whether something would tell of a demand. */
export type GagParts = Pick<Store, 'legalRequests'> & { subjects: Pick<SubjectStore, 'hash'> }

async function inForce({ legalRequests }: Pick<Store, 'legalRequests'>, now: number): Promise<LegalRequest[]> {
  const found: LegalRequest[] = []
  for (let before: number | undefined; ; ) {
    const page = await legalRequests.list(PAGE, before)
    found.push(...page.filter(({ gagUntil }) => gagUntil !== undefined && now < gagUntil))
    if (page.length < PAGE) return found
    before = page.at(-1)!.id
  }
}

/**
 * Demands under a gag of which somebody would learn from what is said about a person or an account; in doubt it is one.
 * @param accounts accounts that have records of the person
 */
export async function gagsAbout(
  store: GagParts,
  { address, account }: SubjectScope,
  accounts: readonly number[],
  now: number,
): Promise<LegalRequest[]> {
  const hash = address === undefined ? undefined : store.subjects.hash(address)
  return (await inForce(store, now)).filter(({ scope }) => {
    if (scope.kind === 'account') return scope.account === account || accounts.includes(scope.account)
    return scope.kind !== 'address' || hash === undefined || store.subjects.hash(scope.address) === hash
  })
}

/** The demands in a sentence for whoever reads the letter before it goes out; none when there are none. */
export function gagWords(demands: readonly LegalRequest[]): string[] {
  return demands.map(({ id, gagUntil }) => {
    const day = new Date(Math.ceil(gagUntil! / DAY_MS) * DAY_MS).toISOString().slice(0, 10)
    return `Nobody may be told of legal demand ${id} before ${day}: the answer says nothing of what is kept for it.`
  })
}

/** Places of which only those who may know of demands are told. */
const secret: readonly string[] = ['holds', 'disclosures']

/** What was found, as it may be told while a gag lasts. Why something would stay is no news to who only gets to see it. */
export function withoutGagged(places: readonly ColumnCount[]): ColumnCount[] {
  return places.flatMap((place) => {
    if (secret.includes(place.place)) return []
    return place.cause === 'hold' ? [{ ...place, why: '' }] : [place]
  })
}
