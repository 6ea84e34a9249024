/** The header records behind a signal, as links. */

import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useUser } from '../../api.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'

const words = text.review.evidence

/** messages named before a person asks for all */
const FIRST = 3

/** The records, for those who may read them; to others how many there are. */
export function Records({ messages }: { messages: readonly string[] }) {
  const mayRead = useUser().role !== 'auditor'
  const [all, setAll] = useState(false)
  if (messages.length === 0) return null
  if (!mayRead)
    return <p className="num text-faint text-sm">{words.messages(messages.length, count(messages.length))}</p>
  const shown = all ? messages : messages.slice(0, FIRST)
  return (
    <p className="flex flex-wrap gap-x-2.5 text-sm">
      {shown.map((id) => (
        <Link
          key={id}
          to="/messages/{-$id}"
          params={{ id }}
          search={{}}
          aria-label={words.message(id)}
          title={id}
          className="mono text-accent hover:underline"
        >
          {id.slice(-8)}
        </Link>
      ))}
      {shown.length < messages.length ? (
        <button type="button" onClick={() => setAll(true)} className="num text-accent hover:underline">
          {text.messages.andMore(count(messages.length - shown.length))}
        </button>
      ) : null}
    </p>
  )
}
