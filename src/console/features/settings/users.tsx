/** Who may use the console, and what for. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { MonitorSmartphone, Plus, ShieldOff, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { ListedUserView } from '../../../contract/users.ts'
import { type Role, roles, secondFactorPolicies } from '../../../model/user.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, inputClass } from '../../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { Time } from '../../ui/time.tsx'
import { Invitations, Invite } from './invitations.tsx'
import { Card, Row, SectionHead } from './section.tsx'
import { SessionTable } from './sessions.tsx'
import { roleWords, useUserMutation } from './user-mutation.ts'

const words = text.settings.users

export function UserStore() {
  const { queries } = useApi()
  const isAdmin = useUser().role === 'admin'
  const users = useQuery(queries.users.list.queryOptions())
  const [inviting, setInviting] = useState(false)
  return (
    <>
      <SectionHead
        title={words.title}
        help={words.help}
        action={
          isAdmin ? (
            <Button onClick={() => setInviting(true)}>
              <Plus size={14} />
              {words.add}
            </Button>
          ) : null
        }
      />
      {users.isError ? (
        <ProblemNote {...problemOf(users.error)} onRetry={() => void users.refetch()} />
      ) : users.data === undefined ? (
        <SkeletonLines lines={3} />
      ) : (
        <Card>
          <UsersTable users={users.data} />
        </Card>
      )}
      <Invitations />
      <Policy />
      {inviting ? <Invite onClose={() => setInviting(false)} /> : null}
    </>
  )
}

function UsersTable({ users }: { users: readonly ListedUserView[] }) {
  const me = useUser()
  const isAdmin = me.role === 'admin'
  const [removing, setRemoving] = useState<ListedUserView>()
  const [looking, setLooking] = useState<ListedUserView>()
  const [resetting, setResetting] = useState<ListedUserView>()
  return (
    <>
      <table className={tableClass}>
        <thead>
          <tr>
            <th scope="col">{words.person}</th>
            <th scope="col">{words.role}</th>
            <th scope="col">{words.secondFactor}</th>
            <th scope="col">{words.seen}</th>
            {isAdmin ? (
              <th scope="col">
                <span className="sr-only">{words.actions}</span>
              </th>
            ) : null}
          </tr>
        </thead>
        <tbody>
          {users.map((person) => (
            <tr key={person.id}>
              <td className="max-w-56 py-1.5">
                <Who person={person} />
              </td>
              <td>{isAdmin ? <RoleChoice person={person} /> : roleWords(person.role, person.account)}</td>
              <td>{person.secondFactor ? words.on : <span className="text-dim">{words.off}</span>}</td>
              <td>{person.seenAt === null ? words.never : <Time at={person.seenAt} />}</td>
              {isAdmin ? (
                <td className="text-right whitespace-nowrap">
                  {person.lockedUntil === null ? null : <Unlock person={person} />}
                  {person.secondFactor && person.id !== me.id ? (
                    <IconButton label={words.resetOf(person.email)} onClick={() => setResetting(person)}>
                      <ShieldOff size={13} />
                    </IconButton>
                  ) : null}
                  <IconButton label={words.sessionsOf(person.email)} onClick={() => setLooking(person)}>
                    <MonitorSmartphone size={13} />
                  </IconButton>
                  <IconButton label={`${text.common.remove} ${person.email}`} onClick={() => setRemoving(person)}>
                    <Trash2 size={13} />
                  </IconButton>
                </td>
              ) : null}
            </tr>
          ))}
        </tbody>
      </table>
      {looking ? <Sessions person={looking} onClose={() => setLooking(undefined)} /> : null}
      {resetting ? <ResetFactor person={resetting} onClose={() => setResetting(undefined)} /> : null}
      <RemoveUser person={removing} onClose={() => setRemoving(undefined)} />
    </>
  )
}

function Who({ person }: { person: ListedUserView }) {
  const me = useUser()
  return (
    <>
      <span className="font-medium">{person.name || person.email}</span>{' '}
      {person.id === me.id ? <span className="text-faint">({words.you})</span> : null}
      {person.lockedUntil === null ? null : <span className="text-bad"> {words.locked}</span>}
      {person.name ? <span className="mono block truncate text-dim">{person.email}</span> : null}
    </>
  )
}

function RoleChoice({ person }: { person: ListedUserView }) {
  const { client } = useApi()
  const change = useUserMutation(
    ({ role, account }: { role: Role; account?: string }) => client.users.setRole({ id: person.id, role, account }),
    ({ role }) => words.roleChanged(person.email, text.role[role]),
  )
  const [asked, setAsked] = useState(false)
  return (
    <>
      <select
        aria-label={words.roleOf(person.email)}
        title={text.roleHelp[person.role]}
        className={inputClass}
        value={person.role}
        disabled={change.isPending}
        onChange={(event) => {
          const role = roles.find((each) => each === event.target.value)
          if (role === 'member') setAsked(true)
          else if (role) change.mutate({ role })
        }}
      >
        {roles.map((role) => (
          <option key={role} value={role} title={text.roleHelp[role]}>
            {text.role[role]}
          </option>
        ))}
      </select>
      {person.account === null ? null : <div className="truncate text-dim text-sm">{person.account}</div>}
      {asked ? (
        <CustomerOf
          person={person}
          busy={change.isPending}
          onChoose={(account) => change.mutate({ role: 'member', account }, { onSuccess: () => setAsked(false) })}
          onClose={() => setAsked(false)}
        />
      ) : null}
    </>
  )
}

interface CustomerOfProps {
  person: ListedUserView
  busy: boolean
  onChoose: (account: string) => void
  onClose: () => void
}

/** A member acts for one account: which. */
function CustomerOf({ person, busy, onChoose, onClose }: CustomerOfProps) {
  const [account, setAccount] = useState('')
  return (
    <FormDialog
      title={words.portalTitle(person.email)}
      submit={words.portalGo}
      ready={account.trim() !== '' && !busy}
      onSubmit={() => onChoose(account.trim())}
      onClose={onClose}
    >
      <Field
        label={words.account}
        help={words.accountHelp}
        maxLength={64}
        value={account}
        onChange={(event) => setAccount(event.target.value)}
      />
    </FormDialog>
  )
}

function Unlock({ person }: { person: ListedUserView }) {
  const { client } = useApi()
  const unlock = useUserMutation(
    ({ id }: ListedUserView) => client.users.unlock({ id }),
    ({ email }) => words.unlocked(email),
  )
  return (
    <Button small disabled={unlock.isPending} onClick={() => unlock.mutate(person)}>
      {words.unlock}
    </Button>
  )
}

function Sessions({ person, onClose }: { person: ListedUserView; onClose: () => void }) {
  const { client, queries } = useApi()
  const { id } = person
  const sessions = useQuery(queries.users.sessions.queryOptions({ input: { id } }))
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={words.sessionsOf(person.email)}
      footer={<Button onClick={onClose}>{words.done}</Button>}
    >
      <div className="px-5 pt-2 pb-3">
        {sessions.isError ? (
          <ProblemNote {...problemOf(sessions.error)} onRetry={() => void sessions.refetch()} />
        ) : sessions.data ? (
          <SessionTable
            sessions={sessions.data}
            end={(session) => client.users.endSession({ id, session: session.id })}
          />
        ) : (
          <SkeletonLines lines={2} />
        )}
      </div>
    </Dialog>
  )
}

function ResetFactor({ person, onClose }: { person: ListedUserView; onClose: () => void }) {
  const { client } = useApi()
  const { id, email } = person
  const reset = useUserMutation(
    (reason: string) => client.users.resetSecondFactor({ id, reason }),
    () => words.resetDone(email),
  )
  return (
    <ReasonDialog
      title={words.resetOf(email)}
      help={words.resetHelp}
      reasonHelp={words.resetReasonHelp}
      confirm={words.resetGo}
      danger
      busy={reset.isPending}
      error={reset.error}
      onConfirm={(reason) => reset.mutate(reason, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}

function RemoveUser({ person, onClose }: { person: ListedUserView | undefined; onClose: () => void }) {
  const { client } = useApi()
  const remove = useUserMutation(
    ({ id }: ListedUserView) => client.users.remove({ id }),
    ({ email }) => words.removed(email),
  )
  return (
    <ConfirmDialog
      open={person !== undefined}
      title={words.removeAsk(person?.email ?? '')}
      help={words.removeHelp}
      confirm={text.common.remove}
      busy={remove.isPending}
      onConfirm={() => person && remove.mutate(person, { onSuccess: onClose })}
      onClose={onClose}
    />
  )
}

/** Whether everybody needs a second factor. */
function Policy() {
  const { client, queries } = useApi()
  const isAdmin = useUser().role === 'admin'
  const policy = useQuery(queries.users.policy.queryOptions())
  const cache = useQueryClient()
  const set = useUserMutation(
    async (totp: 'optional' | 'required') => {
      await client.users.setPolicy({ totp })
      await cache.invalidateQueries({ queryKey: queries.session.key() })
    },
    () => words.policySet,
  )
  if (!policy.data) return null
  return (
    <div className="mt-6">
      <Card>
        <Row label={words.policy} help={words.policyHelp}>
          {isAdmin ? (
            <Segments
              label={words.policy}
              value={policy.data.totp}
              onChange={(totp) => set.mutate(totp)}
              options={secondFactorPolicies.map((value) => ({ value, label: words.policyOf[value] }))}
            />
          ) : (
            words.policyOf[policy.data.totp]
          )}
        </Row>
      </Card>
    </div>
  )
}
