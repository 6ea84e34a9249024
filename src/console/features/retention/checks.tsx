/** The promise as a table of live checks: each sentence of the policy, what was found, and whether it holds. */

import { CircleCheck, CircleX, RefreshCw, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import type { CheckView } from '../../../contract/retention.ts'
import { count, relative, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { IconButton } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { tableClass } from '../../ui/table.ts'
import { useNow } from '../../ui/time.tsx'

const words = text.retention.checks

type State = CheckView['state']

const icons: Record<State, ReactNode> = {
  ok: <CircleCheck size={14} aria-hidden className="text-ok" />,
  warning: <TriangleAlert size={14} aria-hidden className="text-wait" />,
  broken: <CircleX size={14} aria-hidden className="text-bad" />,
}

const colours: Record<State, string> = { ok: 'text-ok', warning: 'text-wait', broken: 'text-bad' }

function statusLineOf(checks: readonly CheckView[]): { state: State; words: string } {
  const broken = checks.filter((check) => check.state === 'broken').length
  const watch = checks.filter((check) => check.state === 'warning').length
  if (broken > 0) return { state: 'broken', words: words.someBroken(broken, count(broken)) }
  if (watch > 0) return { state: 'warning', words: words.someWatch(count(watch)) }
  return { state: 'ok', words: words.allHold(count(checks.length)) }
}

export interface ChecksProps {
  checks: readonly CheckView[]
  onCheck: () => void
  checking: boolean
}

export function Checks({ checks, onCheck, checking }: ChecksProps) {
  const now = useNow()
  const verdict = statusLineOf(checks)
  return (
    <section aria-labelledby="promise-checked">
      <div className="mb-2 flex items-center gap-2">
        <h2 id="promise-checked" className="section-title">
          {words.title}
        </h2>
        <span role="status" className={classes('num text-sm', colours[verdict.state])}>
          {verdict.words}
        </span>
        <IconButton label={words.again} disabled={checking} onClick={onCheck} className="ml-auto">
          <RefreshCw size={13} />
        </IconButton>
      </div>
      <div className="overflow-hidden rounded-lg border border-line bg-panel">
        <table className={tableClass}>
          <thead>
            <tr>
              <th scope="col">{words.sentence}</th>
              <th scope="col" className="w-[35%]">
                {words.value}
              </th>
              <th scope="col" className="w-[88px]">
                {words.state}
              </th>
              <th scope="col" className="w-[104px]">
                {words.checked}
              </th>
            </tr>
          </thead>
          <tbody>
            {checks.map((check) => (
              <tr key={check.id}>
                <td className="py-1">{check.sentence}</td>
                <td className="num py-1 text-dim">{check.value}</td>
                <td>
                  <span className={classes('flex items-center gap-1.5 whitespace-nowrap', colours[check.state])}>
                    {icons[check.state]}
                    {words.states[check.state]}
                  </span>
                </td>
                <td className="num whitespace-nowrap text-faint" title={utcTime(check.checkedAt)}>
                  {relative(check.checkedAt, now)}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
