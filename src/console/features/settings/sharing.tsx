/** Who data is shared with, filled from the settings in force. */

import { useQuery } from '@tanstack/react-query'
import type { SharedWith } from '../../../contract/policy.ts'
import { problemOf, useApi } from '../../api.ts'
import { text } from '../../text.ts'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { Card, SectionHead } from './section.tsx'

const words = text.settings.sharing

export function Sharing() {
  const { queries } = useApi()
  const shared = useQuery(queries.policy.sharing.queryOptions())
  const at = (where: SharedWith['where']): SharedWith[] => (shared.data ?? []).filter((each) => each.where === where)
  return (
    <>
      <SectionHead title={words.title} help={words.help} />
      {shared.isError ? (
        <ProblemNote {...problemOf(shared.error)} onRetry={() => void shared.refetch()} />
      ) : shared.data === undefined ? (
        <SkeletonLines lines={5} />
      ) : (
        <>
          <Those
            title={words.elsewhere}
            help={words.elsewhereHelp}
            none={words.noneElsewhere}
            shared={at('elsewhere')}
          />
          <Those title={words.here} help={words.hereHelp} none={words.noneHere} shared={at('this machine')} />
        </>
      )}
    </>
  )
}

interface ThoseProps {
  title: string
  help: string
  none: string
  shared: readonly SharedWith[]
}

function Those({ title, help, none, shared }: ThoseProps) {
  return (
    <section aria-label={title} className="mt-5">
      <h3 className="section-title">{title}</h3>
      <p className="mb-2 text-dim">{help}</p>
      <Card>
        {shared.length === 0 ? (
          <p className="px-4 py-3 text-dim">{none}</p>
        ) : (
          <table className={`${tableClass} [&_td]:py-1.5 [&_td]:align-top`}>
            <thead>
              <tr>
                <th scope="col">{words.column.who}</th>
                <th scope="col">{words.column.as}</th>
                <th scope="col" className="w-[46%]">
                  {words.column.what}
                </th>
              </tr>
            </thead>
            <tbody>
              {shared.map(({ who, as, what }) => (
                <tr key={`${who} ${as}`}>
                  <td className="mono break-all select-text">{who}</td>
                  <td>{as}</td>
                  <td className="text-dim">{what}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Card>
    </section>
  )
}
