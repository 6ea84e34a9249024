/** Letters of a request that went out, and how their delivery fares. */

import { Link } from '@tanstack/react-router'
import { ChevronRight, Mail } from 'lucide-react'
import { useId, useState } from 'react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { useUser } from '../../api.ts'
import { seesMessages } from '../../components/visibility.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { Time } from '../../ui/time.tsx'
import { DeliveryMark } from './marks.tsx'

const words = text.requests.letters

type Letter = RequestDetail['letters'][number]

/** Letters of one stage, in the order they went out. */
export function Letters({ letters }: { letters: readonly Letter[] }) {
  if (letters.length === 0) return null
  return (
    <ul className="mt-1.5 grid gap-1.5">
      {letters.map((letter) => (
        <Sent key={letter.id} letter={letter} />
      ))}
    </ul>
  )
}

function Sent({ letter }: { letter: Letter }) {
  const [isOpen, setOpen] = useState(false)
  const { role } = useUser()
  const id = useId()
  const { kind, to, subject, at, message, delivery } = letter
  return (
    <li className="rounded-lg border border-line">
      <div className="flex min-h-8 items-center gap-2 px-2.5 py-1">
        <Mail size={14} className="shrink-0 text-faint" aria-hidden />
        <button
          type="button"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
          className="flex min-w-0 items-center gap-1 rounded-sm font-[550] hover:text-accent"
        >
          <span className="truncate">{words.kinds[kind] ?? kind}</span>
          <ChevronRight size={13} className={classes('shrink-0 text-faint', isOpen && 'rotate-90')} aria-hidden />
        </button>
        <span className="mono min-w-0 flex-1 truncate text-dim" title={to}>
          {to || words.erased}
        </span>
        <span className="num shrink-0 truncate text-sm">
          <DeliveryMark delivery={delivery} />
        </span>
        {message !== null && seesMessages(role) ? (
          <Link
            to="/messages/{-$id}"
            params={{ id: message }}
            search={{}}
            className="shrink-0 text-accent text-sm hover:underline"
          >
            {words.open}
          </Link>
        ) : null}
      </div>
      {isOpen ? (
        <div id={id} className="border-line-soft border-t px-3 py-2">
          <p className="text-faint text-sm">
            <Time at={at} />
          </p>
          <p className="mt-0.5 font-[550] select-text">{subject}</p>
          <p className="mt-1 whitespace-pre-wrap break-words text-dim select-text">{letter.text || words.erasedText}</p>
        </div>
      ) : null}
    </li>
  )
}
