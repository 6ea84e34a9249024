/** Who may call what: one table of call × role, checked in the relay for each call (DESIGN §6). */

import type { contract } from '../contract/index.ts'
import type { Person, Role, TokenScope } from '../model/people.ts'
import { tokenMay } from './tokenScope.ts'

/** Who is calling. */
export type Actor =
  | { kind: 'nobody' }
  /** the owner of the data folder, over the control socket */
  | { kind: 'local' }
  | {
      kind: 'person'
      person: Person
      /** id of the session */
      session?: number
      /** scope of the API token that is used instead of a session */
      token?: TokenScope
      /** policy asks for a second factor that the person does not have */
      mustSetUp?: boolean
    }

type Contract = typeof contract

/** Every call of the contract, such as `messages.list`. */
export type Call = {
  [Feature in keyof Contract]: `${Feature}.${Extract<keyof Contract[Feature], string>}`
}[keyof Contract]

const anybody = 'anybody'
const everyone: readonly Role[] = ['admin', 'operator', 'reviewer', 'auditor', 'member']
const admin: readonly Role[] = ['admin']
const mail: readonly Role[] = ['admin', 'operator']
/** reviewers judge by header records before they look into a sample */
const records: readonly Role[] = ['admin', 'operator', 'reviewer']
const setup: readonly Role[] = ['admin', 'operator', 'auditor']
const oversight: readonly Role[] = ['admin', 'auditor']
const review: readonly Role[] = ['admin', 'reviewer', 'auditor']
/** who may look into cases, and open samples from them */
const desk: readonly Role[] = ['admin', 'reviewer']
/** account holders: everything they call is about their own account */
const member: readonly Role[] = ['member']
const staff: readonly Role[] = ['admin', 'operator', 'reviewer', 'auditor']

/** A call of the contract that is not in this table does not compile. */
export const permissions: Readonly<Record<Call, typeof anybody | readonly Role[]>> = {
  'session.state': anybody,
  'session.claim': anybody,
  'session.invitation': anybody,
  'session.accept': anybody,
  'session.login': anybody,
  'session.logout': everyone,
  'session.sessions': everyone,
  'session.endSession': everyone,
  'session.totp': everyone,
  'session.totpBegin': everyone,
  'session.totpConfirm': everyone,
  'session.totpEnd': everyone,
  'people.list': oversight,
  'people.add': admin,
  'people.remove': admin,
  'people.setRole': admin,
  'people.setPassword': everyone,
  'people.unlock': admin,
  'people.resetSecondFactor': admin,
  'people.invite': admin,
  'people.invitations': oversight,
  'people.revokeInvitation': admin,
  'people.sessions': admin,
  'people.endSession': admin,
  'people.tokens': everyone,
  'people.addToken': everyone,
  'people.revokeToken': everyone,
  'people.policy': oversight,
  'people.setPolicy': admin,
  'status.get': staff,
  'status.watch': staff,
  'messages.list': records,
  'messages.get': records,
  'messages.tail': mail,
  'messages.export': mail,
  'messages.sendTest': mail,
  'queue.summary': mail,
  'queue.list': mail,
  'queue.preview': mail,
  'queue.act': mail,
  'accounts.list': staff,
  'accounts.get': staff,
  'accounts.figures': staff,
  'accounts.add': admin,
  'accounts.setDomains': admin,
  'accounts.setStatus': admin,
  'accounts.setKeepDays': admin,
  'accounts.addCredential': admin,
  'accounts.setCredentialStatus': admin,
  'accounts.removeCredential': admin,
  'routes.list': setup,
  'routes.set': admin,
  'routes.remove': admin,
  'samples.list': review,
  'trust.get': review,
  'trust.decide': admin,
  'trust.thresholds': staff,
  'trust.setThresholds': admin,
  'trust.complaints': staff,
  'trust.addComplaint': ['admin', 'reviewer', 'operator'],
  'signals.list': review,
  'signals.get': review,
  'signals.report': ['admin', 'reviewer', 'operator'],
  'signals.assign': desk,
  'signals.dismiss': desk,
  'signals.thresholds': review,
  'signals.setThresholds': desk,
  'signals.simulate': review,
  'signals.scoring': review,
  // samples are sent there whole
  'signals.setScoring': admin,
  'signals.traps': review,
  'signals.setTraps': desk,
  'signals.desk': review,
  'signals.setDesk': admin,
  'retention.overview': staff,
  'retention.plan': staff,
  'retention.run': admin,
  'retention.receipts': staff,
  'retention.answerClock': admin,
  'retention.setDays': admin,
  'retention.holds': review,
  'retention.placeHold': admin,
  'retention.releaseHold': admin,
  'audit.list': oversight,
  'audit.rows': oversight,
  'audit.export': oversight,
  'audit.verify': oversight,
  'audit.replayDraws': oversight,
  'audit.checkpoints': oversight,
  'audit.checkpoint': oversight,
  'audit.setPlace': admin,
  'audit.erase': admin,
  'cases.desk': review,
  'cases.list': review,
  'cases.get': review,
  'cases.open': desk,
  'cases.addSignals': desk,
  'cases.assign': desk,
  'cases.note': desk,
  'cases.decide': desk,
  'cases.close': desk,
  'cases.reopen': desk,
  'cases.previewAction': desk,
  'cases.act': desk,
  'cases.undo': desk,
  'cases.reasons': review,
  'cases.setReasons': admin,
  'openings.request': desk,
  'openings.approve': desk,
  'openings.refuse': desk,
  'openings.revoke': desk,
  'openings.view': desk,
  'openings.policy': review,
  'openings.setPolicy': admin,
  'openings.report': review,
  'requests.list': review,
  'requests.get': review,
  'requests.open': desk,
  'requests.change': desk,
  'requests.note': desk,
  'requests.sendCode': desk,
  'requests.confirmCode': desk,
  'requests.confirmEvidence': desk,
  'requests.search': desk,
  'requests.cancelSearch': desk,
  'requests.preview': review,
  'requests.previewForward': desk,
  'requests.forward': desk,
  'requests.extend': desk,
  'requests.refuse': desk,
  'requests.decide': desk,
  'requests.execute': desk,
  'requests.previewAnswer': review,
  'requests.answer': desk,
  'requests.close': desk,
  'requests.readPackage': desk,
  'requests.reviewPackage': desk,
  'requests.handOver': desk,
  'requests.destroyPackage': desk,
  'requests.policy': review,
  'requests.setPolicy': admin,
  'disclosures.list': review,
  'disclosures.record': desk,
  'disclosures.approve': desk,
  'disclosures.refuse': desk,
  'disclosures.export': desk,
  'disclosures.notice': desk,
  'disclosures.close': desk,
  'policy.versions': staff,
  'policy.get': staff,
  'policy.prepare': admin,
  'policy.revise': admin,
  'policy.previewNotice': admin,
  'policy.announce': admin,
  'policy.withdraw': admin,
  'policy.sharing': staff,
  'policy.consents': review,
  'policy.giveConsent': desk,
  'policy.withdrawConsent': desk,
  'policy.sendMailing': admin,
  'policy.publicUrl': staff,
  'policy.setPublicUrl': admin,
  'own.account': member,
  'own.messages': member,
  'own.message': member,
  'own.report': member,
  'own.requests': member,
  'own.request': member,
  'own.openRequest': member,
  'own.withdrawRequest': member,
  'own.takePackage': member,
  'own.requestTrust': member,
  'own.policy': member,
  'own.sharing': member,
  'own.consents': member,
  'own.setConsent': member,
  'own.purposes': member,
  'custody.sealKey': oversight,
  'custody.rotateSealKey': admin,
  'custody.backups': oversight,
  'custody.backup': admin,
}

export type Verdict = 'allowed' | 'nobody' | 'forbidden' | 'beyond token' | 'second factor needed'

/** Whether the caller may make the call. The local owner counts as an admin; a call unknown to the table is refused. */
export function authorise(actor: Actor, call: string): Verdict {
  if (actor.kind === 'person' && actor.token && !tokenMay(actor.token, call)) return 'beyond token'
  const allowed = Object.hasOwn(permissions, call) ? permissions[call as Call] : []
  if (allowed === anybody) return 'allowed'
  if (actor.kind === 'nobody') return 'nobody'
  const role: Role = actor.kind === 'local' ? 'admin' : actor.person.role
  if (!allowed.includes(role)) return 'forbidden'
  // what leads to a second factor stays open
  const waits = actor.kind === 'person' && actor.mustSetUp && !call.startsWith('session.')
  return waits ? 'second factor needed' : 'allowed'
}

/** How the audit log names the caller. */
export function actorName(actor: Actor): string {
  switch (actor.kind) {
    case 'nobody':
      return 'nobody'
    case 'local':
      return 'local'
    case 'person':
      return actor.person.email
  }
}
