/** Whether an account may submit mail: suspend, close, resume, with the very words its clients will be told. */

import { useState } from 'react'
import { toast } from 'sonner'
import type { AccountView } from '../../../contract/accounts.ts'
import { standingReply } from '../../../model/accountReply.ts'
import { formatReply } from '../../../model/reply.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { TextAreaField } from '../../ui/field.tsx'
import { useMutationAction } from './change.ts'
import { AccountStatus } from './status.tsx'

const words = text.accounts.standing

type Status = AccountView['status']

/** Longest reason: with its codes the reply still fits one line of SMTP (512 octets, RFC 5321 §4.5.3.1.5). */
const LONGEST_REASON = 400

/** What clients are told, in one line; undefined while the account is active. */
function refusalOf(name: string, status: Status, reason: string): string | undefined {
  const reply = standingReply({ name, status, statusReason: reason })
  return reply && formatReply(reply)
}

/** What a change of status does to the queue. */
function consequence(present: Status, next: Status): string {
  if (next === 'active') return words.resumeHelp
  return words.queued[next === 'closed' && present === 'suspended' ? 'stays' : next]
}

/** What the review desk does to the account's mail, besides its status. */
function Measures({ account: { outgoing, hourlyLimit } }: { account: AccountView }) {
  return (
    <>
      {outgoing === 'held' ? <p className="mt-1 text-held">{words.held}</p> : null}
      {hourlyLimit === null ? null : <p className="mt-1 text-held">{words.limited(hourlyLimit, count(hourlyLimit))}</p>}
    </>
  )
}

export function Standing({ account }: { account: AccountView }) {
  const mayChange = useUser().role === 'admin'
  const [next, setNext] = useState<Status>()
  const told = refusalOf(account.name, account.status, account.statusReason)
  return (
    <>
      <div className="flex items-start justify-between gap-4">
        <div>
          <div className="font-[550]">
            <AccountStatus status={account.status} />
          </div>
          <p className="text-dim">{words[account.status]}</p>
          <Measures account={account} />
        </div>
        {mayChange ? (
          <div className="flex gap-1.5">
            {account.status === 'active' ? (
              <Button small onClick={() => setNext('suspended')}>
                {words.suspend}
              </Button>
            ) : (
              <Button small onClick={() => setNext('active')}>
                {words.resume}
              </Button>
            )}
            {account.status === 'closed' ? null : (
              <Button small kind="ghost" onClick={() => setNext('closed')}>
                {words.close}
              </Button>
            )}
          </div>
        ) : null}
      </div>
      {account.statusReason ? (
        <>
          <h3 className="section-title mt-5 mb-1">{words.why}</h3>
          <p className="break-words select-text">{account.statusReason}</p>
        </>
      ) : null}
      {told ? (
        <>
          <h3 className="section-title mt-5 mb-2">{words.told}</h3>
          <Notified line={told} />
        </>
      ) : null}
      {next ? <StatusForm account={account} next={next} onClose={() => setNext(undefined)} /> : null}
    </>
  )
}

function Notified({ line }: { line: string }) {
  return (
    <pre className="mono whitespace-pre-wrap break-words rounded-md bg-sunken px-3 py-2 text-text select-text">
      {line}
    </pre>
  )
}

const titles: Record<Status, (name: string) => string> = {
  active: words.resumeTitle,
  suspended: words.suspendTitle,
  closed: words.closeTitle,
}
const submits: Record<Status, string> = {
  active: words.goResume,
  suspended: words.goSuspend,
  closed: words.goClose,
}

function StatusForm({ account, next, onClose }: { account: AccountView; next: Status; onClose: () => void }) {
  const { client } = useApi()
  const [reason, setReason] = useState('')
  const set = useMutationAction(
    () => client.accounts.setStatus({ name: account.name, status: next, reason }),
    () => {
      toast.success(words.done[next](account.name))
      onClose()
    },
  )
  const resumes = next === 'active'
  const needed = !resumes || account.status === 'closed'
  const told = refusalOf(account.name, next, reason)
  return (
    <FormDialog
      title={titles[next](account.name)}
      description={consequence(account.status, next)}
      submit={submits[next]}
      danger={!resumes}
      ready={(reason.trim() !== '' || !needed) && !set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={() => set.mutate()}
      onClose={onClose}
    >
      <TextAreaField
        label={needed ? words.reason : `${words.reason} (${text.common.optional})`}
        help={resumes ? words.reasonHelpResume : words.reasonHelp}
        rows={2}
        maxLength={LONGEST_REASON}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
      {told ? (
        <div>
          <div className="mb-1 font-medium text-sm">{words.preview}</div>
          <Notified line={told} />
        </div>
      ) : null}
    </FormDialog>
  )
}
