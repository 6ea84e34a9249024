/** Policy, consents and disclosures as the store offers them. */

import type { RetentionRules } from '../../../model/retention.ts'
import type { ConsentStore } from '../../consents.ts'
import type { HoldStore } from '../../holds.ts'
import type { LegalRequestStore } from '../../legalRequests.ts'
import type { PolicyStore } from '../../policy.ts'
import { ConsentReader } from '../consents/reader.ts'
import { ConsentWriter } from '../consents/writer.ts'
import { DisclosureReader } from '../legalRequests/reader.ts'
import { LegalRequestWriter } from '../legalRequests/writer.ts'
import { joined } from '../thread/remote.ts'
import type { Reader, Writer } from '../threads/threads.ts'
import { PolicyReader } from './reader.ts'
import { PolicyWriter } from './writer.ts'

interface PolicyParts {
  writer: Writer
  reader: Reader
  holds: Pick<HoldStore, 'list'>
  /** tells the directory in memory of a policy that came in force */
  changePolicy(policy: RetentionRules): void
}

function createPolicy({ writer, reader, changePolicy }: PolicyParts): PolicyStore {
  const policy = joined([PolicyReader, reader.policy], [PolicyWriter, writer.policy])
  return {
    ...policy,
    get: async (wanted) => (await policy.versions()).find(({ version }) => version === wanted),
    async takeEffect(version, at) {
      const inForce = await policy.takeEffect(version, at)
      if (inForce) changePolicy(inForce)
      return inForce !== undefined
    },
  }
}

function createLegalRequests({ writer, reader, holds }: PolicyParts): LegalRequestStore {
  const legalRequests = joined([DisclosureReader, reader.legalRequests], [LegalRequestWriter, writer.legalRequests])
  return {
    ...legalRequests,
    async close(id, act) {
      const hold = (await legalRequests.get(id))?.hold
      const headers = (await holds.list()).find((record) => record.id === hold)?.headers ?? 0
      return legalRequests.close(id, headers, act)
    },
  }
}

/** Builds the parts of the store that keep the policy, consents and the disclosure register. */
export function createRegisters(parts: PolicyParts) {
  const { reader, writer } = parts
  const consents: ConsentStore = joined([ConsentReader, reader.consents], [ConsentWriter, writer.consents])
  return { policy: createPolicy(parts), consents, legalRequests: createLegalRequests(parts) }
}
