/** The new credential at work: settings for common clients, a test message, and its arrival. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { MessageSummary } from '../../../contract/shapes.ts'
import { problemOf, useApi, useStream, useUser } from '../../api.ts'
import { Status } from '../../components/status.tsx'
import { shortTime, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Segments } from '../../ui/choice.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/state.tsx'
import type { NewCredential } from './credential.tsx'
import { type Client, clientNames, clients, settingsFor } from './settings.ts'

const words = text.welcome.test

export function TryIt({ credential }: { credential: NewCredential }) {
  const person = useUser()
  const [to, setTo] = useState(person.email)
  const from = `test@${credential.domain}`
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
      <ReadyMade credential={credential} from={from} to={to} />
      <div className="grid gap-3">
        <h3 className="section-title">{words.title}</h3>
        <SendTest credential={credential} from={from} to={to} onTo={setTo} />
        <Arriving account={credential.account} />
      </div>
    </div>
  )
}

interface AddressesProps {
  credential: NewCredential
  from: string
  to: string
}

function ReadyMade({ credential, from, to }: AddressesProps) {
  const { queries } = useApi()
  const [client, setClient] = useState<Client>('swaks')
  const status = useQuery(queries.status.get.queryOptions())
  const listener = status.data?.listeners.find((each) => each.kind === 'smtp')
  if (!status.data || !listener) return null
  const settings = settingsFor(client, {
    host: listener.host,
    port: listener.port,
    username: credential.username,
    password: credential.password,
    from,
    to,
    selfMade: status.data.certificate.selfMade,
    fingerprint: status.data.certificate.fingerprint,
  })
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="section-title">{text.welcome.credential.settings}</h3>
        <Segments
          label={text.welcome.credential.settings}
          value={client}
          onChange={setClient}
          options={clients.map((value) => ({ value, label: clientNames[value] }))}
        />
      </div>
      <CodeBlock value={settings} label={clientNames[client]} />
    </div>
  )
}

function SendTest({ credential, from, to, onTo }: AddressesProps & { onTo: (to: string) => void }) {
  const { client } = useApi()
  const send = useMutation({
    mutationFn: () =>
      client.messages.sendTest({ username: credential.username, password: credential.password, from, to: to.trim() }),
  })
  return (
    <form
      className="grid gap-2"
      onSubmit={(event) => {
        event.preventDefault()
        send.mutate()
      }}
    >
      <div className="flex items-end gap-2">
        <Field label={words.to} mono className="flex-1" value={to} onChange={(event) => onTo(event.target.value)} />
        <Button type="submit" kind="primary" disabled={send.isPending || to.trim() === ''}>
          {send.isPending ? words.sending : words.go}
        </Button>
      </div>
      {send.error ? <ProblemNote {...problemOf(send.error)} /> : null}
      {send.data ? (
        <p role="status" className="mono text-dim">
          {words.accepted(send.data.reply)}
        </p>
      ) : null}
    </form>
  )
}

const SHOWN = 5

/** The account's messages as they come. */
function Arriving({ account }: { account: string }) {
  const [messages, setMessages] = useState<MessageSummary[]>([])
  useStream(
    `arriving ${account}`,
    (client, signal) => client.messages.tail({ filter: { account } }, { signal }),
    ({ items }) =>
      setMessages((old) => {
        const ids = new Set(items.map((item) => item.id))
        return [...items, ...old.filter((item) => !ids.has(item.id))]
          .sort((a, b) => (a.id < b.id ? 1 : -1))
          .slice(0, SHOWN)
      }),
  )
  if (messages.length === 0) {
    return (
      <p className="rounded-md border border-line border-dashed px-3 py-3 text-center text-faint">{words.waiting}</p>
    )
  }
  return (
    <ul aria-label={words.live} aria-live="polite" className="overflow-hidden rounded-md border border-line">
      {messages.map((message) => (
        <li
          key={message.id}
          className="grid animate-[arrive_1.6s_ease-out] grid-cols-[auto_auto_minmax(0,1fr)_auto] items-center gap-3 border-line-soft border-t px-3 py-2 first:border-t-0"
        >
          <time dateTime={message.acceptedAt} title={utcTime(message.acceptedAt)} className="num text-dim">
            {shortTime(message.acceptedAt, Date.now())}
          </time>
          <Status status={message.status} inDoubt={message.inDoubt} />
          <span className="truncate">{message.subject || text.messages.noSubject}</span>
          <Link to="/messages/{-$id}" params={{ id: message.id }} search={{}} className="text-accent hover:underline">
            {words.open}
          </Link>
        </li>
      ))}
    </ul>
  )
}
