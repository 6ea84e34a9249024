/** Reads of the policy in its versions, of consents and of the disclosure register. */

import type { Consent, ConsentQuery } from '../../consents.ts'
import type { LegalRequest } from '../../legalRequests.ts'
import type { PolicyLetter, PolicyVersion } from '../../policy.ts'
import type { Connection } from '../thread/connection.ts'
import {
  type ConsentRow,
  decodeConsent,
  decodeLegalRequest,
  decodeNotice,
  decodePolicy,
  type LegalRequestRow,
  type NoticeRow,
  type PolicyRow,
} from './rows.ts'

function policies(main: Connection): PolicyVersion[] {
  const rows = main.prepare('SELECT * FROM policy_version ORDER BY version DESC').all() as PolicyRow[]
  return rows.map(decodePolicy)
}

function policyLetters(main: Connection, version: number | undefined): PolicyLetter[] {
  const rows = main
    .prepare(
      'SELECT * FROM policy_notice WHERE @version IS NULL OR version = @version ORDER BY version, account, about',
    )
    .all({ version: version ?? null })
  return (rows as NoticeRow[]).map(decodeNotice)
}

function consents(main: Connection, { account, purpose, standing }: ConsentQuery): Consent[] {
  const rows = main
    .prepare(
      `SELECT * FROM consent WHERE (@account IS NULL OR account = @account) AND (@purpose IS NULL OR purpose = @purpose)
       AND (@standing = 0 OR withdrawn_at IS NULL) ORDER BY id DESC`,
    )
    .all({ account: account ?? null, purpose: purpose ?? null, standing: standing ? 1 : 0 })
  return (rows as ConsentRow[]).map(decodeConsent)
}

function consent(main: Connection, id: number): Consent | undefined {
  const row = main.prepare('SELECT * FROM consent WHERE id = ?').get(id)
  return row === undefined ? undefined : decodeConsent(row as ConsentRow)
}

function purposes(main: Connection): string[] {
  return main.prepare('SELECT DISTINCT purpose FROM consent ORDER BY purpose').pluck().all() as string[]
}

function legalRequests(main: Connection, limit: number, before: number | undefined): LegalRequest[] {
  const rows = main
    .prepare('SELECT * FROM disclosure WHERE id < ? ORDER BY id DESC LIMIT ?')
    .all(before ?? Number.MAX_SAFE_INTEGER, limit)
  return (rows as LegalRequestRow[]).map(decodeLegalRequest)
}

function legalRequest(main: Connection, id: number): LegalRequest | undefined {
  const row = main.prepare('SELECT * FROM disclosure WHERE id = ?').get(id)
  return row === undefined ? undefined : decodeLegalRequest(row as LegalRequestRow)
}

/** Demands whose gag has ended, of which nobody was told and not said why. */
function noticesDue(main: Connection, at: number): number[] {
  return main
    .prepare(
      `SELECT id FROM disclosure WHERE gag_until <= ? AND notice_at IS NULL AND no_notice_reason = ''
       AND state NOT IN ('refused', 'closed') ORDER BY id`,
    )
    .pluck()
    .all(at) as number[]
}

/** The operations of the reader. */
export function policyReads(main: Connection): Record<string, (argument: never) => unknown> {
  return {
    policies: () => policies(main),
    policyLetters: (version: number | undefined) => policyLetters(main, version),
    consents: (query: ConsentQuery) => consents(main, query),
    consent: (id: number) => consent(main, id),
    consentPurposes: () => purposes(main),
    legalRequests: ([limit, before]: [number, number | undefined]) => legalRequests(main, limit, before),
    legalRequest: (id: number) => legalRequest(main, id),
    noticesDue: (at: number) => noticesDue(main, at),
  }
}
