/** The own account: what is held of it, its credentials, samples of its mail, and who opened one. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { PortalAccount, PortalReport } from '../../../contract/portal.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count, longDay, relative } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { TextAreaField } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { Time, useNow } from '../../ui/time.tsx'
import { Answer, Card, Fact, Part, PortalPage } from './page.tsx'

const words = text.panel.account

export function AccountPage() {
  const { queries } = useApi()
  const account = useQuery(queries.own.account.queryOptions())
  return (
    <PortalPage title={words.title} help={words.help}>
      <Answer of={account} lines={6}>
        {(data) => (
          <>
            <Standing account={data} />
            <Data account={data} />
            <Credentials account={data} />
            <Samples account={data} />
          </>
        )}
      </Answer>
    </PortalPage>
  )
}

function Standing({ account }: { account: PortalAccount }) {
  if (account.status === 'active') return null
  const note = account.status === 'closed' ? words.closedNote : words.suspendedNote
  return (
    <Note tone={account.status === 'closed' ? 'bad' : 'warning'} title={note}>
      {account.statusReason ? <p className="text-dim">{account.statusReason}</p> : null}
    </Note>
  )
}

function Data({ account }: { account: PortalAccount }) {
  const navigate = useNavigate()
  const correct = (): void => void navigate({ to: '/own/requests/{-$id}', params: {}, search: { ask: 'correction' } })
  return (
    <Part
      title={words.data}
      action={account.status === 'closed' ? null : <Button onClick={correct}>{words.correct}</Button>}
    >
      <Card>
        <dl>
          <Fact name={words.name}>
            <b className="font-[550]">{account.name}</b> <StatusMark status={account.status} />
          </Fact>
          <Fact name={words.contact}>
            <span className="mono">{account.contact}</span>
          </Fact>
          <Fact name={words.domains}>
            {account.domains.length === 0 ? (
              <span className="text-faint">{words.noDomains}</span>
            ) : (
              <span className="mono">{account.domains.join(', ')}</span>
            )}
          </Fact>
          <Fact name={words.keep}>{words.keepDays(count(account.keepDays))}</Fact>
          <Fact name={words.since}>{longDay(account.createdAt)}</Fact>
        </dl>
      </Card>
    </Part>
  )
}

const marks: Record<PortalAccount['status'], string> = {
  active: 'bg-ok-s text-ok',
  suspended: 'bg-wait-s text-wait',
  closed: 'bg-bad-s text-bad',
}

function StatusMark({ status }: { status: PortalAccount['status'] }) {
  return <span className={classes('rounded-sm px-1.5 text-sm', marks[status])}>{words.status[status]}</span>
}

function Credentials({ account }: { account: PortalAccount }) {
  const { credentials } = account
  return (
    <Part title={words.credentials} help={words.credentialsHelp}>
      <Card>
        {credentials.length === 0 ? (
          <p className="px-3.5 py-2.5 text-dim">{words.noCredentials}</p>
        ) : (
          <ul>
            {credentials.map(({ kind, name, status }) => (
              <li
                key={`${kind} ${name}`}
                className="flex flex-wrap items-baseline gap-x-3 border-line-soft border-t px-3.5 py-2 first:border-t-0"
              >
                <span className="mono min-w-0 flex-1 truncate">{name}</span>
                <span className="text-dim">{words.credentialKind[kind]}</span>
                <span className={status === 'allowed' ? 'text-ok' : 'text-wait'}>{status}</span>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </Part>
  )
}

function Samples({ account }: { account: PortalAccount }) {
  const { queries } = useApi()
  const report = useQuery(queries.own.report.queryOptions())
  const [asking, setAsking] = useState(false)
  const now = useNow(60_000)
  const { trusted, trustRequestedAt, trustDecidedAt, status } = account
  const mayAsk = !trusted && trustRequestedAt === null && status !== 'closed'
  return (
    <Part
      title={words.samples}
      help={words.samplesHelp}
      action={mayAsk ? <Button onClick={() => setAsking(true)}>{words.ask}</Button> : null}
    >
      <Card>
        <div className="flex items-start gap-2.5 px-3.5 py-2.5">
          <ShieldCheck
            size={16}
            className={classes('mt-0.5 shrink-0', trusted ? 'text-info' : 'text-faint')}
            aria-hidden
          />
          <div className="min-w-0 flex-1">
            <div className="font-[550]">{trusted ? words.trusted : words.untrusted}</div>
            {trustDecidedAt === null ? null : <div className="text-dim">{words.decided(longDay(trustDecidedAt))}</div>}
            {trustRequestedAt !== null ? (
              <div className="text-dim">{words.asked(relative(trustRequestedAt, now))}</div>
            ) : null}
          </div>
        </div>
        <Answer of={report} lines={2}>
          {(data) => <Report report={data} />}
        </Answer>
      </Card>
      {asking ? <AskTrust onClose={() => setAsking(false)} /> : null}
    </Part>
  )
}

function Report({ report }: { report: PortalReport }) {
  const { stored, opened, openings, announced } = report
  const facts = [words.stored(stored, count(stored)), words.opened(opened, count(opened))]
  return (
    <>
      <div className="num border-line-soft border-t px-3.5 py-2 text-dim">{facts.join(' · ')}</div>
      <ul>
        {announced.map(({ opensAt, message, case: id, reason }) => (
          <Line key={`${message} ${opensAt}`} message={message} reason={`${reason} · ${words.caseOf(count(id))}`}>
            <span className="text-wait">{words.announcedFor(longDay(opensAt))}</span>
          </Line>
        ))}
        {openings.map(({ at, message, case: id, reason }) => (
          <Line key={`${message} ${at}`} message={message} reason={`${reason} · ${words.caseOf(count(id))}`}>
            {words.openedAt} <Time at={at} />
          </Line>
        ))}
      </ul>
    </>
  )
}

function Line({ message, reason, children }: { message: string; reason: string; children: React.ReactNode }) {
  return (
    <li className="grid gap-x-4 border-line-soft border-t px-3.5 py-2 md:grid-cols-[minmax(0,1fr)_auto]">
      <span>{children}</span>
      <Link to="/messages/{-$id}" params={{ id: message }} search={{}} className="mono text-accent hover:underline">
        {message}
      </Link>
      <span className="text-dim">{reason}</span>
    </li>
  )
}

function AskTrust({ onClose }: { onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [reason, setReason] = useState('')
  const ask = useMutation({
    mutationFn: () => client.own.requestTrust({ reason }),
    onSuccess: (account) => {
      cache.setQueryData(queries.own.account.queryKey(), account)
      toast.success(words.askDone)
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.askTitle}
      description={words.askHelp}
      submit={words.askGo}
      ready={reason.trim() !== '' && !ask.isPending}
      problem={ask.error ? problemOf(ask.error) : undefined}
      onSubmit={() => ask.mutate()}
      onClose={onClose}
    >
      <TextAreaField
        label={words.askReason}
        help={words.askReasonHelp}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  )
}
