/** What breaks the promise or may soon: before anything else on the page. */

import { useUser } from '../../api.ts'
import { text } from '../../text.ts'
import { Note } from '../../ui/note.tsx'

const words = text.retention.alarms

export function Alarms({ alarms }: { alarms: readonly string[] }) {
  const { role } = useUser()
  if (alarms.length === 0) return null
  return (
    <Note tone="bad" alert title={words.title}>
      <ul className="num">
        {alarms.map((alarm) => (
          <li key={alarm}>{alarm}</li>
        ))}
      </ul>
      {role === 'admin' ? null : <p className="text-dim">{words.help}</p>}
    </Note>
  )
}
