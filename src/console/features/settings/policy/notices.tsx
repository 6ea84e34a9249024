/** Which accounts were told of a change, with the evidence of the relay's own log; those that were not come first. */

import { Link } from '@tanstack/react-router'
import { useId } from 'react'
import type { PolicyNotice } from '../../../../contract/policy.ts'
import { type DeliveryState, deliveryStates } from '../../../../model/delivery.ts'
import { useUser } from '../../../api.ts'
import { StatusDot } from '../../../components/status.tsx'
import { seesMessages } from '../../../components/visibility.ts'
import { count, shortTimeSeconds, utcTime } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Note } from '../../../ui/note.tsx'
import { ScrollRegion } from '../../../ui/scroll.tsx'
import { tableClass } from '../../../ui/table.ts'
import { Card } from '../section.tsx'
import { progressOf } from './data.ts'

const words = text.settings.versions.notices

const rank = { failed: 0, waiting: 1, told: 2 }

function isDeliveryState(written: string): written is DeliveryState {
  return deliveryStates.some((state) => state === written)
}

export interface NoticesProps {
  about: PolicyNotice['about']
  notices: readonly PolicyNotice[]
}

export function Notices({ about, notices }: NoticesProps) {
  const id = useId()
  const arranged = notices.toSorted(
    (a, b) => rank[progressOf(a)] - rank[progressOf(b)] || a.account.localeCompare(b.account),
  )
  const many = (progress: 'failed' | 'waiting' | 'told'): number =>
    notices.filter((notice) => progressOf(notice) === progress).length
  const failed = many('failed')
  const waiting = many('waiting')
  return (
    <section aria-labelledby={id} className="mt-6">
      <div className="mb-2 flex items-baseline gap-3">
        <h3 id={id} className="section-title" title={words.help}>
          {words.title[about]}
        </h3>
        {notices.length > 0 ? (
          <span className="num text-sm" aria-live="polite">
            <span className={many('told') === notices.length ? 'text-ok' : 'text-dim'}>
              {words.told(count(many('told')), count(notices.length))}
            </span>
            {waiting > 0 ? <span className="text-dim"> · {words.waiting(count(waiting))}</span> : null}
            {failed > 0 ? <span className="text-bad"> · {words.failed(count(failed))}</span> : null}
          </span>
        ) : null}
      </div>
      {failed > 0 ? (
        <Note tone="bad" title={words.failedNote(failed, count(failed))} className="mb-2">
          <p className="text-dim">{words.failedHelp[about]}</p>
        </Note>
      ) : null}
      <Card>
        {notices.length === 0 ? (
          <p className="px-4 py-3 text-dim">{words.none}</p>
        ) : (
          <ScrollRegion label={words.letters[about]} className="max-h-[420px] overflow-auto">
            <NoticeTable notices={arranged} />
          </ScrollRegion>
        )}
      </Card>
    </section>
  )
}

function NoticeTable({ notices }: { notices: readonly PolicyNotice[] }) {
  const { role } = useUser()
  const now = Date.now()
  return (
    <table className={tableClass}>
      <thead className="sticky top-0 z-10 bg-panel">
        <tr>
          <th scope="col">{words.column.account}</th>
          <th scope="col">{words.column.to}</th>
          <th scope="col">{words.column.state}</th>
          <th scope="col">{words.column.at}</th>
          <th scope="col" className="w-[36%]">
            {words.column.reply}
          </th>
        </tr>
      </thead>
      <tbody>
        {notices.map((notice) => (
          <tr key={notice.account} className="hover:bg-row-hover">
            <td className="whitespace-nowrap">
              <Link to="/accounts/{-$name}" params={{ name: notice.account }} className="hover:underline">
                {notice.account}
              </Link>
            </td>
            <td className="mono max-w-56 truncate" title={notice.to}>
              {notice.to}
            </td>
            <td className="whitespace-nowrap">
              <LetterState notice={notice} linked={seesMessages(role)} />
            </td>
            <td className="num whitespace-nowrap text-dim">
              {notice.at ? (
                <time dateTime={notice.at} title={utcTime(notice.at)}>
                  {shortTimeSeconds(notice.at, now)}
                </time>
              ) : (
                text.common.dash
              )}
            </td>
            <td className="mono max-w-0 truncate text-dim" title={notice.reply}>
              {notice.reply}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** The state of a letter; leads to its message where that can be read. */
function LetterState({ notice, linked }: { notice: PolicyNotice; linked: boolean }) {
  const { state, message, account } = notice
  const shown = (
    <span className="inline-flex items-center gap-1.5">
      {isDeliveryState(state) ? <StatusDot status={state} /> : null}
      {isDeliveryState(state) ? text.status[state] : state}
    </span>
  )
  if (!linked || message === null) return shown
  return (
    <Link
      to="/messages/{-$id}"
      params={{ id: message }}
      search={{}}
      aria-label={`${words.openMessage(account)}: ${state}`}
      className="hover:underline"
    >
      {shown}
    </Link>
  )
}
