/** Complaints about an account's mail, and the form for one that came by letter, telephone or mail. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { toast } from 'sonner'
import type { AccountView } from '../../../contract/accounts.ts'
import type { ComplaintView } from '../../../contract/trust.ts'
import { parseId } from '../../../model/id.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useMutationAction } from './change.ts'

const words = text.accounts.complaints

export function Complaints({ account }: { account: AccountView }) {
  const { queries } = useApi()
  const { role } = useUser()
  const [adding, setAdding] = useState(false)
  const complaints = useQuery(queries.trust.complaints.queryOptions({ input: { name: account.name } }))
  return (
    <>
      <div className="mb-3 flex items-start justify-between gap-4">
        <p className="text-dim">{words.help}</p>
        {role === 'auditor' ? null : (
          <Button small onClick={() => setAdding(true)}>
            {words.add}
          </Button>
        )}
      </div>
      {complaints.isError ? (
        <ProblemNote {...problemOf(complaints.error)} onRetry={() => void complaints.refetch()} />
      ) : complaints.data === undefined ? (
        <SkeletonLines lines={3} />
      ) : complaints.data.length === 0 ? (
        <Empty title={words.none} help={words.noneHelp} />
      ) : (
        <ul className="overflow-hidden rounded-md border border-line">
          {complaints.data.map((complaint) => (
            <Complaint key={complaint.id} complaint={complaint} />
          ))}
        </ul>
      )}
      {adding ? <AddComplaint account={account.name} onClose={() => setAdding(false)} /> : null}
    </>
  )
}

function Complaint({ complaint }: { complaint: ComplaintView }) {
  const { role } = useUser()
  const { message } = complaint
  const mayRead = role === 'admin' || role === 'operator'
  return (
    <li className="border-line-soft border-t px-3 py-2 first:border-t-0">
      <div className="flex items-baseline justify-between gap-3">
        <span className="text-faint text-sm">{words.source[complaint.source] ?? complaint.source}</span>
        <span className="text-sm">
          <Time at={complaint.at} />
        </span>
      </div>
      <p className="whitespace-pre-wrap break-words select-text">{complaint.note}</p>
      <div className="text-sm">
        {message === null ? (
          <span className="text-faint">{words.noMessage}</span>
        ) : mayRead ? (
          <Link to="/messages/{-$id}" params={{ id: message }} search={{}} className="mono text-accent hover:underline">
            {message}
          </Link>
        ) : (
          <span className="mono">{message}</span>
        )}
      </div>
    </li>
  )
}

function AddComplaint({ account, onClose }: { account: string; onClose: () => void }) {
  const { client } = useApi()
  const [message, setMessage] = useState('')
  const [note, setNote] = useState('')
  const bad = message !== '' && parseId(message) === undefined
  const add = useMutationAction(
    () => client.trust.addComplaint({ name: account, message: message || undefined, note }),
    () => {
      toast.success(words.added)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.addTitle(account)}
      submit={words.go}
      ready={note.trim() !== '' && !bad && !add.isPending}
      problem={add.error ? problemOf(add.error) : undefined}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <TextAreaField
        label={words.note}
        help={words.noteHelp}
        maxLength={1000}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Field
        label={`${words.message} (${text.common.optional})`}
        help={words.messageHelp}
        problem={bad ? words.badMessage : undefined}
        mono
        value={message}
        onChange={(event) => setMessage(event.target.value.trim())}
      />
    </FormDialog>
  )
}
