/** Policy, consents and disclosures as the store offers them. */

import type { RetentionRules } from '../../../model/retention.ts'
import type { ConsentStore } from '../../consents.ts'
import type { HoldStore } from '../../holds.ts'
import type { LegalRequestStore } from '../../legalRequests.ts'
import type { PolicyStore, PolicyVersion } from '../../policy.ts'
import type { Channel } from '../thread/channel.ts'

interface PolicyParts {
  writer: Channel
  reader: Channel
  holds: Pick<HoldStore, 'list'>
  /** tells the directory in memory of a policy that came in force */
  changePolicy(policy: RetentionRules): void
}

function createPolicy({ writer, reader, changePolicy }: PolicyParts): PolicyStore {
  const versions = () => reader.call<PolicyVersion[]>('policies', undefined)
  return {
    versions,
    get: async (wanted) => (await versions()).find(({ version }) => version === wanted),
    begin: (first, at) => writer.call('beginPolicy', [first, at]),
    prepare: (content, act) => writer.call('preparePolicy', [content, act]),
    revise: (version, content, act) => writer.call('revisePolicy', [version, content, act]),
    announce: (version, effectiveAt, act) => writer.call('announcePolicy', [version, effectiveAt, act]),
    addressNew: (version, at) => writer.call('addressNewAccounts', [version, at]),
    withdraw: (version, act) => writer.call('withdrawPolicy', [version, act]),
    async takeEffect(version, at) {
      const policy = await writer.call<RetentionRules | undefined>('policyTakesEffect', [version, at])
      if (policy) changePolicy(policy)
      return policy !== undefined
    },
    letters: (version) => reader.call('policyLetters', version),
    sent: (letter, message) => writer.call('policyLetterSent', [letter, message]),
    settled: (letter, evidence) => writer.call('policyLetterSettled', [letter, evidence]),
  }
}

function createConsents({ writer, reader }: PolicyParts): ConsentStore {
  return {
    list: (query) => reader.call('consents', query),
    get: (id) => reader.call('consent', id),
    give: (consent, act) => writer.call('giveConsent', [consent, act]),
    withdraw: (id, by, act) => writer.call('withdrawConsent', [id, by, act]),
    mailed: (id, message, at) => writer.call('mailedConsent', [id, message, at]),
    purposes: () => reader.call('consentPurposes', undefined),
  }
}

function createLegalRequests({ writer, reader, holds }: PolicyParts): LegalRequestStore {
  const get: LegalRequestStore['get'] = (id) => reader.call('legalRequest', id)
  return {
    list: (limit, before) => reader.call('legalRequests', [limit, before]),
    get,
    record: (demand, act) => writer.call('recordLegalRequest', [demand, act]),
    approve: (id, act) => writer.call('approveLegalRequest', [id, act]),
    refuse: (id, act) => writer.call('refuseLegalRequest', [id, act]),
    exported: (id, made, act) => writer.call('exportedLegalRequest', [id, made, act]),
    told: (id, act) => writer.call('notifiedLegalRequest', [id, act]),
    untold: (id, act) => writer.call('unnotifiedLegalRequests', [id, act]),
    async close(id, act) {
      const hold = (await get(id))?.hold
      const headers = (await holds.list()).find((record) => record.id === hold)?.headers ?? 0
      return writer.call('closeLegalRequest', [id, headers, act])
    },
    noticesDue: (at) => reader.call('noticesDue', at),
  }
}

/** Builds the parts of the store that keep the policy, consents and the disclosure register. */
export function createRegisters(parts: PolicyParts) {
  return { policy: createPolicy(parts), consents: createConsents(parts), legalRequests: createLegalRequests(parts) }
}
