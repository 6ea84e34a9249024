/** Inviting people: the one-time link, and those nobody has accepted yet. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { InvitationView } from '../../../contract/users.ts'
import { type Role, roles } from '../../../model/user.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { tableClass } from '../../ui/table.ts'
import { Time } from '../../ui/time.tsx'
import { Card } from './section.tsx'
import { roleWords, useUserMutation } from './user-mutation.ts'

const words = text.settings.users

/** The link as this browser reaches the relay; the desktop has no such address, so the relay's own is taken. */
function linkOf(token: string, link: string | null): string {
  return location.protocol.startsWith('http') ? `${location.origin}/#/join?token=${token}` : (link ?? token)
}

export function Invite({ onClose }: { onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [email, setEmail] = useState('')
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('operator')
  const [account, setAccount] = useState('')
  const isCustomer = role === 'member'
  const invite = useMutation({
    mutationFn: () =>
      client.users.invite({
        email: email.trim(),
        name: name.trim() || undefined,
        role,
        account: isCustomer ? account.trim() : undefined,
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: queries.users.key() }),
  })
  if (invite.data) {
    const { invitation, token, link } = invite.data
    return (
      <Dialog
        open
        wide
        onClose={onClose}
        title={words.invited(invitation.email)}
        description={words.invitedHelp}
        footer={
          <Button kind="primary" onClick={onClose}>
            {words.done}
          </Button>
        }
      >
        <div className="px-5 pt-2 pb-3">
          <CodeBlock value={linkOf(token, link)} label={words.link} />
        </div>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title={words.invite}
      description={words.inviteHelp}
      submit={words.inviteGo}
      ready={email.trim() !== '' && (!isCustomer || account.trim() !== '') && !invite.isPending}
      problem={invite.error ? problemOf(invite.error) : undefined}
      onSubmit={() => invite.mutate()}
      onClose={onClose}
    >
      <Field label={words.email} type="email" value={email} onChange={(event) => setEmail(event.target.value)} />
      <Field
        label={`${words.name} (${text.common.optional})`}
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField
        label={words.role}
        options={roles.map((value) => ({ value, label: `${text.role[value]}: ${text.roleHelp[value]}` }))}
        value={role}
        onChange={(event) => setRole(roles.find((each) => each === event.target.value) ?? role)}
      />
      {isCustomer ? (
        <Field
          label={words.account}
          help={words.accountHelp}
          maxLength={64}
          value={account}
          onChange={(event) => setAccount(event.target.value)}
        />
      ) : null}
    </FormDialog>
  )
}

/** Invitations nobody has accepted; nothing where there are none. */
export function Invitations() {
  const { client, queries } = useApi()
  const isAdmin = useUser().role === 'admin'
  const invitations = useQuery(queries.users.invitations.queryOptions())
  const revoke = useUserMutation(
    ({ id }: InvitationView) => client.users.revokeInvitation({ id }),
    ({ email }) => words.revoked(email),
  )
  if (!invitations.data?.length) return null
  return (
    <>
      <h3 className="section-title mt-6 mb-2">{words.invitations}</h3>
      <Card>
        <table className={tableClass}>
          <thead>
            <tr>
              <th scope="col">{words.email}</th>
              <th scope="col">{words.role}</th>
              <th scope="col">{words.until}</th>
              <th scope="col">
                <span className="sr-only">{words.actions}</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {invitations.data.map((invitation) => (
              <tr key={invitation.id}>
                <td className="mono">{invitation.email}</td>
                <td>{roleWords(invitation.role, invitation.account)}</td>
                <td>
                  {invitation.expired ? (
                    <span className="text-bad">{words.expired}</span>
                  ) : (
                    <Time at={invitation.expiresAt} />
                  )}
                </td>
                <td className="text-right">
                  {isAdmin ? (
                    <Button
                      small
                      aria-label={words.revokeOf(invitation.email)}
                      disabled={revoke.isPending}
                      onClick={() => revoke.mutate(invitation)}
                    >
                      {words.revoke}
                    </Button>
                  ) : null}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Card>
    </>
  )
}
