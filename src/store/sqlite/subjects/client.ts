/** Data subjects as the store offers them: searched slice by slice, erased place by place, and written to no more. */

import { hkdfSync } from 'node:crypto'
import { mailboxKey } from '../../../model/addressKey.ts'
import type { ErasedSubject, SubjectScope, SubjectStore, Work } from '../../subjects.ts'
import { addressIn } from './addresses.ts'
import { Erasure } from './erasure.ts'
import type { SubjectParts } from './look.ts'
import { hashFormer, hashMailbox, hashRelated, type Meant } from './match.ts'
import { RelatedSearch } from './relatedSearch.ts'
import { Search } from './search.ts'
import { createSuppressions } from './suppressions.ts'

const KEY_BYTES = 32
/** Characters of a keyed hash that stand for the person in a request. */
const LABEL = 12

const quiet: Work = { progress: () => undefined, isCancelled: () => false }

/** Work whose progress is not shown: it follows other work that went through the same. */
function unseen({ isCancelled }: Work): Work {
  return { progress: () => undefined, isCancelled }
}

/** Builds the part of the store that finds and erases persons. */
export function createSubjects(parts: SubjectParts): SubjectStore {
  const secret = new Uint8Array(hkdfSync('sha256', parts.logKey, '', 'mailward person', KEY_BYTES))
  const suppressed = createSuppressions(parts.writer, parts.suppressions)
  let last: Promise<unknown> = Promise.resolve()

  const hash = (address: string) => hashRelated(secret, addressIn(address))
  // letters of the relay to the person are erased with an account's mail, and are not the account's to see
  const meantBy = ({ address, account }: SubjectScope, systemMail: boolean): Meant => {
    const key = address === undefined ? undefined : mailboxKey(addressIn(address))
    return { subjects: [{ key, account, systemMail, until: undefined }], secret: undefined }
  }
  const labelOf = ({ address }: SubjectScope) => (address === undefined ? '' : hash(address).slice(0, LABEL))

  /** One erasure at a time. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work)
    last = mine.catch(() => undefined)
    return mine
  }

  return {
    hash,
    mailboxHash: (address) => hashMailbox(secret, mailboxKey(addressIn(address))),
    async search(scope, work) {
      const around = { keepRequests: [], overRequests: [], label: labelOf(scope), at: parts.now() }
      const search = await new Search(parts, { meant: meantBy(scope, true), around, work }).run()
      const account = scope.account
      if (search && scope.address !== undefined) {
        const meant = { ...meantBy(scope, true), isRelated: true }
        search.places.push(...(await new RelatedSearch(parts, { meant, around, work: unseen(work) }).run()))
        search.places.push(...(await suppressed.place(hash(scope.address), account)))
      }
      return search
    },
    records: (scope, after, limit) =>
      parts.reader.subjects.records(meantBy(scope, false), after, limit, parts.hideBy()),
    erase(scope, order, work) {
      const around = { keepRequests: order.keepRequests, overRequests: [], label: labelOf(scope), at: order.at }
      const pass = { meant: meantBy(scope, true), around, work }
      return inTurn(() => new Erasure(parts, pass, order, scope.account ?? null).run())
    },
    eraseAgain(subjects, at) {
      const meant = { subjects: subjects.map(meantAgain), secret }
      const reason = 'erased by order before, as the erasure ledger says'
      const order = { request: 0, actor: 'system', at, reason, keepRequests: [] }
      const overRequests = subjects.flatMap(({ request, isLast }) => (isLast ? [request] : []))
      const pass = { meant, around: { keepRequests: [], overRequests, label: 'erased', at }, work: quiet }
      return inTurn(() => new Erasure(parts, pass, order, null).run())
    },
    suppressions: suppressed.list,
    suppress: suppressed.add,
    unsuppress: suppressed.remove,
    // who objected under one tag is not written to under another: a refusal destroys nothing of anybody else's
    isSuppressed: (account, address) =>
      suppressed.has(account) &&
      [hash(address), hashFormer(secret, address)].some((one) => suppressed.names(account, one)),
  }
}

function meantAgain({ hash, account, at }: ErasedSubject): Meant['subjects'][number] {
  return { key: hash ?? undefined, account: account ?? undefined, systemMail: true, until: at }
}
