/** Calls of people about themselves: sessions, second factor, password, API tokens. */

import { verifyPassword } from '../../base/passwordHash.ts'
import { base32, keyUri } from '../../base/totp.ts'
import type { User } from '../../model/user.ts'
import type { StoredToken } from '../../store/users.ts'
import type { Actor } from '../auth/authorise.ts'
import { hashToken, newApiToken } from '../auth/sessions.ts'
import type { Guarded } from './base.ts'
import { type Connection, entryOf, type Parts } from './context.ts'
import { conflict, notFound, refused, tooMany } from './errors.ts'
import { createFailureAudit } from './failureAudit.ts'
import { hashNewPassword } from './passwords.ts'
import { sessionView, timeOrNull, timeView } from './views.ts'

const DAY_MS = 86_400_000
/** Tokens a person may have. */
const MOST_TOKENS = 50

interface Self {
  person: User
  /** id of the session */
  session: number
}

/** The person of a session. Throws REFUSED for the owner of the data folder, who is no person. */
function selfOf(actor: Actor): Self {
  if (actor.kind === 'person' && actor.session !== undefined) return { person: actor.person, session: actor.session }
  throw refused('only a person who is logged in has this', 'log in to the console')
}

/** Whether a password is the person's own: wrong ones count as at the login, so that a session is no way round it. */
function ownPasswords(parts: Parts) {
  const failures = createFailureAudit(parts)
  return async (person: User, password: string, { address }: Connection) => {
    const begun = await parts.loginThrottle.begin({ address, email: person.email })
    if (begun.kind === 'wait') {
      await failures.lockedOut(person, address, begun.waitMs)
      throw tooMany(begun.waitMs)
    }
    const stored = await parts.store.users.byEmail(person.email)
    if (!stored || !(await verifyPassword(password, stored.passwordHash))) {
      await failures.failed(person, address)
      throw refused('the present password is wrong', 'check it and try again')
    }
    return begun
  }
}

/** Sessions and second factor. */
export function profileSessionCalls(os: Guarded, parts: Parts) {
  const { secondFactors, userRules, clock } = parts
  const { users } = parts.store
  const failures = createFailureAudit(parts)
  const prove = ownPasswords(parts)

  return {
    sessions: os.session.sessions.handler(async ({ context }) => {
      const { person, session } = selfOf(context.actor)
      return (await users.sessions(person.id, clock.now())).map((each) => sessionView(each, session))
    }),

    endSession: os.session.endSession.handler(async ({ input, context }) => {
      const { person } = selfOf(context.actor)
      const said = { action: 'session.endSession', object: `person ${person.id}`, details: { session: input.id } }
      if (!(await users.revokeSession(person.id, input.id, entryOf(parts, context.actor, said))))
        throw notFound(`session ${input.id}`, 'look at the list of sessions')
      return { ended: true as const }
    }),

    totp: os.session.totp.handler(async ({ context }) => ({
      ...(await secondFactors.state(selfOf(context.actor).person.id)),
      policy: userRules.get().totp,
    })),

    totpBegin: os.session.totpBegin.handler(async ({ context }) => {
      const { person } = selfOf(context.actor)
      const secret = await secondFactors.begin(person.id)
      if (!secret) throw conflict('there is a second factor already', 'end it first')
      return { secret: base32(secret), uri: keyUri(`Mailward ${parts.hostname}`, person.email, secret) }
    }),

    totpConfirm: os.session.totpConfirm.handler(async ({ input, context }) => {
      const { person } = selfOf(context.actor)
      const entry = entryOf(parts, context.actor, { action: 'session.totpConfirm', object: `person ${person.id}` })
      const recoveryCodes = await secondFactors.confirm(person.id, input.code, entry)
      if (!recoveryCodes) throw refused('the code is wrong', 'check the clock of the device and give its present code')
      return { recoveryCodes }
    }),

    totpEnd: os.session.totpEnd.handler(async ({ input, context }) => {
      const { person } = selfOf(context.actor)
      const begun = await prove(person, input.password, context.connection)
      if (!(await secondFactors.take(person.id, input.code))) {
        await failures.wrongCode(person, context.connection.address)
        throw refused('the code is wrong, too old, or was used before', 'wait for the next code')
      }
      await begun.succeeded()
      const entry = entryOf(parts, context.actor, { action: 'session.totpEnd', object: `person ${person.id}` })
      await users.endSecondFactor(person.id, entry)
      return { ended: true as const }
    }),
  }
}

function tokenView(token: StoredToken, now: number) {
  const { id, name, scope, createdAt, expiresAt, usedAt } = token
  return {
    id,
    name,
    scope,
    createdAt: timeView(createdAt),
    expiresAt: timeView(expiresAt),
    expired: expiresAt <= now,
    usedAt: timeOrNull(usedAt),
  }
}

/** Password and API tokens. */
export function profileUserCalls(os: Guarded, parts: Parts) {
  const { clock } = parts
  const { users } = parts.store
  const prove = ownPasswords(parts)

  /** Whose tokens these are: the caller's own; the owner of the data folder names a person. */
  async function holder(actor: Actor, email: string | undefined): Promise<User> {
    if (actor.kind !== 'local') {
      const { person } = selfOf(actor)
      if (email !== undefined && email.toLowerCase() !== person.email.toLowerCase())
        throw refused('everybody has tokens of their own only', 'leave the address out')
      return person
    }
    if (email === undefined) throw refused('a token belongs to a person', 'name the person')
    const person = await users.byEmail(email)
    if (!person) throw notFound(`person ${email}`, 'look at the list of people')
    return person
  }

  return {
    setPassword: os.users.setPassword.handler(async ({ input, context }) => {
      const { person, session } = selfOf(context.actor)
      const begun = await prove(person, input.old, context.connection)
      await begun.succeeded()
      if (input.old === input.password) throw refused('this is the present password', 'choose another one')
      const passwordHash = await hashNewPassword(input.password, person.email)
      const entry = entryOf(parts, context.actor, { action: 'people.setPassword', object: `person ${person.id}` })
      await users.setPassword({ person: person.id, passwordHash, keepSession: session }, entry)
      return { changed: true as const }
    }),

    tokens: os.users.tokens.handler(async ({ input, context }) => {
      const { id } = await holder(context.actor, input.email)
      const now = clock.now()
      return (await users.tokens(id)).map((token) => tokenView(token, now))
    }),

    addToken: os.users.addToken.handler(async ({ input, context }) => {
      const { name, scope, days, email } = input
      const { id: person } = await holder(context.actor, email)
      if ((await users.tokens(person)).length >= MOST_TOKENS)
        throw refused(`a person has at most ${MOST_TOKENS} tokens`, 'take back those that are not used')
      const secret = newApiToken()
      const createdAt = clock.now()
      const token = { person, name, scope, createdAt, expiresAt: createdAt + days * DAY_MS }
      const said = { action: 'people.addToken', object: 'token {id}', details: { person, name, scope, days } }
      const entry = entryOf(parts, context.actor, said)
      const { id } = await users.addToken({ ...token, tokenHash: hashToken(secret) }, entry)
      return { token: tokenView({ id, ...token, usedAt: undefined }, createdAt), secret }
    }),

    revokeToken: os.users.revokeToken.handler(async ({ input, context }) => {
      const person = await holder(context.actor, input.email)
      const said = { action: 'people.revokeToken', object: `token ${input.id}`, details: { person: person.id } }
      if (!(await users.revokeToken(person.id, input.id, entryOf(parts, context.actor, said))))
        throw notFound(`token ${input.id} of ${person.email}`, 'look at the list of tokens')
      return { revoked: true as const }
    }),
  }
}
