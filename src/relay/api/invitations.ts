/** Calls about invitations: a one-time link by which somebody becomes a person with a password of their own. */

import type { Directory } from '../../store/store.ts'
import type { Invitation } from '../../store/users.ts'
import { actorName } from '../auth/authorise.ts'
import { hashToken, newToken } from '../auth/sessions.ts'
import type { Guarded } from './base.ts'
import { entryOf, type Parts } from './context.ts'
import { customerAccount } from './customerAccount.ts'
import { conflict, notFound, refused } from './errors.ts'
import { accountOfCustomer, timeView } from './views.ts'

/** How long an invitation is good for, in milliseconds: 7 days. */
const INVITATION_MS = 7 * 86_400_000

function invitationView(invitation: Invitation, directory: Directory, now: number) {
  const { createdAt, expiresAt, ...rest } = invitation
  const account = accountOfCustomer(directory, invitation.account)
  return { ...rest, account, createdAt: timeView(createdAt), expiresAt: timeView(expiresAt), expired: expiresAt <= now }
}

export function invitationCalls(os: Guarded, parts: Parts) {
  const { clock } = parts
  const { users, directory } = parts.store

  /** Where the console of this relay takes an invitation; null when it has no address. */
  function linkFor(token: string): string | null {
    const listener = parts.listeners().find(({ kind }) => kind === 'console')
    if (!listener) return null
    const host = listener.host.includes(':') ? `[${listener.host}]` : listener.host
    return `http://${host}:${listener.port}/#/join?token=${token}`
  }

  return {
    invite: os.users.invite.handler(async ({ input, context }) => {
      const { email, role, name = '' } = input
      const account = customerAccount(directory, role, input.account)?.id
      const everybody = await users.list()
      if (everybody.length === 0 && role !== 'admin') throw refused('the first person is an admin', 'invite an admin')
      if (everybody.some((person) => person.email.toLowerCase() === email.toLowerCase()))
        throw conflict('a person with this address exists', 'change the role of that person instead')
      const token = newToken()
      const createdAt = clock.now()
      const invitation = { email, name, role, account, invitedBy: actorName(context.actor), createdAt }
      const whole = { ...invitation, expiresAt: createdAt + INVITATION_MS }
      const said = {
        action: 'people.invite',
        object: 'invitation {id}',
        details: { email, role, account: input.account },
      }
      const entry = entryOf(parts, context.actor, said)
      const { id } = await users.invite({ ...whole, tokenHash: hashToken(token) }, entry)
      return { invitation: invitationView({ id, ...whole }, directory, createdAt), token, link: linkFor(token) }
    }),

    invitations: os.users.invitations.handler(async () => {
      const now = clock.now()
      return (await users.invitations()).map((invitation) => invitationView(invitation, directory, now))
    }),

    revokeInvitation: os.users.revokeInvitation.handler(async ({ input, context }) => {
      const said = { action: 'people.revokeInvitation', object: `invitation ${input.id}` }
      if (!(await users.revokeInvitation(input.id, entryOf(parts, context.actor, said))))
        throw notFound(`invitation ${input.id}`, 'look at the list of invitations')
      return { revoked: true as const }
    }),
  }
}
