/** The table role × call, on the wire, for every call of the contract. */

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { authorities, contract } from '../../src/contract/index.ts'
import { type Role, roles } from '../../src/model/user.ts'
import { authorise } from '../../src/relay/auth/authorise.ts'
import { callRaw, startTestRelay, type TestRelay } from './support.ts'

/** Who may call: a admin, o operator, r reviewer, u auditor, m member, - nobody logged in. Written down a second time. */
const expected: Record<string, string> = {
  'session.state': 'aorum-',
  'session.claim': 'aorum-',
  'session.invitation': 'aorum-',
  'session.accept': 'aorum-',
  'session.login': 'aorum-',
  'session.logout': 'aorum',
  'session.sessions': 'aorum',
  'session.endSession': 'aorum',
  'session.totp': 'aorum',
  'session.totpBegin': 'aorum',
  'session.totpConfirm': 'aorum',
  'session.totpEnd': 'aorum',
  'users.list': 'au',
  'users.add': 'a',
  'users.remove': 'a',
  'users.setRole': 'a',
  'users.setPassword': 'aorum',
  'users.unlock': 'a',
  'users.resetSecondFactor': 'a',
  'users.invite': 'a',
  'users.invitations': 'au',
  'users.revokeInvitation': 'a',
  'users.sessions': 'a',
  'users.endSession': 'a',
  'users.tokens': 'aorum',
  'users.addToken': 'aorum',
  'users.revokeToken': 'aorum',
  'users.policy': 'au',
  'users.setPolicy': 'a',
  'status.get': 'aoru',
  'status.watch': 'aoru',
  'messages.list': 'aor',
  'messages.get': 'aor',
  'messages.tail': 'ao',
  'messages.export': 'ao',
  'messages.sendTest': 'ao',
  'queue.summary': 'ao',
  'queue.list': 'ao',
  'queue.preview': 'ao',
  'queue.act': 'ao',
  'accounts.list': 'aoru',
  'accounts.get': 'aoru',
  'accounts.add': 'a',
  'accounts.setDomains': 'a',
  'accounts.figures': 'aoru',
  'accounts.setStatus': 'a',
  'accounts.addCredential': 'a',
  'accounts.setCredentialStatus': 'a',
  'accounts.removeCredential': 'a',
  'routes.list': 'aou',
  'routes.set': 'a',
  'routes.remove': 'a',
  'samples.list': 'aru',
  'trust.get': 'aru',
  'trust.decide': 'a',
  'trust.thresholds': 'aoru',
  'trust.setThresholds': 'a',
  'trust.complaints': 'aoru',
  'trust.addComplaint': 'aor',
  'signals.list': 'aru',
  'signals.get': 'aru',
  'signals.report': 'aor',
  'signals.assign': 'ar',
  'signals.dismiss': 'ar',
  'signals.thresholds': 'aru',
  'signals.setThresholds': 'ar',
  'signals.simulate': 'aru',
  'signals.scoring': 'aru',
  'signals.setScoring': 'a',
  'signals.traps': 'aru',
  'signals.setTraps': 'ar',
  'signals.desk': 'aru',
  'signals.setMailboxDomain': 'a',
  'accounts.setKeepDays': 'a',
  'retention.overview': 'aoru',
  'retention.plan': 'aoru',
  'retention.run': 'a',
  'retention.receipts': 'aoru',
  'retention.answerClock': 'a',
  'retention.setDays': 'a',
  'retention.holds': 'aru',
  'retention.placeHold': 'a',
  'retention.releaseHold': 'a',
  'requests.list': 'aru',
  'requests.get': 'aru',
  'requests.open': 'ar',
  'requests.change': 'ar',
  'requests.note': 'ar',
  'requests.sendCode': 'ar',
  'requests.confirmCode': 'ar',
  'requests.confirmEvidence': 'ar',
  'requests.search': 'ar',
  'requests.cancelSearch': 'ar',
  'requests.preview': 'aru',
  'requests.previewForward': 'ar',
  'requests.forward': 'ar',
  'requests.extend': 'ar',
  'requests.refuse': 'ar',
  'requests.decide': 'ar',
  'requests.execute': 'ar',
  'requests.previewAnswer': 'aru',
  'requests.answer': 'ar',
  'requests.close': 'ar',
  'requests.readExport': 'ar',
  'requests.reviewExport': 'ar',
  'requests.handOver': 'ar',
  'requests.destroyExport': 'ar',
  'requests.policy': 'aru',
  'requests.setPolicy': 'a',
  'legalRequests.list': 'aru',
  'legalRequests.record': 'ar',
  'legalRequests.approve': 'ar',
  'legalRequests.refuse': 'ar',
  'legalRequests.export': 'ar',
  'legalRequests.notice': 'ar',
  'legalRequests.close': 'ar',
  'policy.versions': 'aoru',
  'policy.get': 'aoru',
  'policy.prepare': 'a',
  'policy.revise': 'a',
  'policy.previewNotice': 'a',
  'policy.announce': 'a',
  'policy.withdraw': 'a',
  'policy.sharing': 'aoru',
  'policy.consents': 'aru',
  'policy.giveConsent': 'ar',
  'policy.withdrawConsent': 'ar',
  'policy.sendMailing': 'a',
  'policy.publicUrl': 'aoru',
  'policy.setPublicUrl': 'a',
  'own.account': 'm',
  'own.messages': 'm',
  'own.message': 'm',
  'own.report': 'm',
  'own.requests': 'm',
  'own.request': 'm',
  'own.openRequest': 'm',
  'own.withdrawRequest': 'm',
  'own.takeExport': 'm',
  'own.requestTrust': 'm',
  'own.policy': 'm',
  'own.sharing': 'm',
  'own.consents': 'm',
  'own.setConsent': 'm',
  'own.purposes': 'm',
  'keys.sealKey': 'au',
  'keys.rotateSealKey': 'a',
  'keys.backups': 'au',
  'keys.backup': 'a',
  'cases.desk': 'aru',
  'cases.list': 'aru',
  'cases.get': 'aru',
  'cases.open': 'ar',
  'cases.addSignals': 'ar',
  'cases.assign': 'ar',
  'cases.note': 'ar',
  'cases.decide': 'ar',
  'cases.close': 'ar',
  'cases.reopen': 'ar',
  'cases.previewAction': 'ar',
  'cases.act': 'ar',
  'cases.undo': 'ar',
  'cases.reasons': 'aru',
  'cases.setReasons': 'a',
  'openings.request': 'ar',
  'openings.approve': 'ar',
  'openings.refuse': 'ar',
  'openings.revoke': 'ar',
  'openings.view': 'ar',
  'openings.policy': 'aru',
  'openings.setPolicy': 'a',
  'openings.report': 'aru',
  'audit.list': 'au',
  'audit.rows': 'au',
  'audit.export': 'au',
  'audit.verify': 'au',
  'audit.replayDraws': 'au',
  'audit.checkpoints': 'au',
  'audit.checkpoint': 'au',
  'audit.setTarget': 'a',
  'audit.erase': 'a',
}

const letters: Record<Role | 'nobody', string> = {
  admin: 'a',
  operator: 'o',
  reviewer: 'r',
  auditor: 'u',
  member: 'm',
  nobody: '-',
}

const calls = Object.entries(contract).flatMap(([feature, procedures]) =>
  Object.keys(procedures).map((name) => `${feature}.${name}`),
)

let relay: TestRelay
const tokens = new Map<string, string>()

beforeAll(async () => {
  relay = await startTestRelay()
  for (const role of roles) tokens.set(role, (await relay.person(role)).token)
})
afterAll(() => relay.stop())

test('the table has every call of the contract and no other', () => {
  expect([...authorities.keys()].toSorted()).toEqual(calls.toSorted())
  expect(Object.keys(expected).toSorted()).toEqual(calls.toSorted())
})

test('a call unknown to the table is refused to everybody', () => {
  expect(authorise({ kind: 'local' }, 'messages.destroy')).toBe('forbidden')
  expect(authorise({ kind: 'local' }, 'constructor')).toBe('forbidden')
})

// logout last: it ends the session the others need
const ordered = calls.toSorted((a, b) => Number(a === 'session.logout') - Number(b === 'session.logout'))

describe.each([...roles, 'nobody'] as const)('as %s', (who) => {
  test.each(ordered)('%s', async (call) => {
    const token = tokens.get(who)
    const { status } = await callRaw(relay.url, call, token === undefined ? {} : { authorization: `Bearer ${token}` })
    if (expected[call]?.includes(letters[who])) expect([401, 403]).not.toContain(status)
    else expect(status).toBe(who === 'nobody' ? 401 : 403)
  })
})
