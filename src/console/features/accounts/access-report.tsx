/** The access report of an account: which of its samples were opened, when, and why. To take along as CSV or JSON. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Download } from 'lucide-react'
import type { AccountView } from '../../../contract/accounts.ts'
import { problemOf, useApi } from '../../api.ts'
import { saveFile } from '../../components/save-file.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { Time } from '../../ui/time.tsx'

const words = text.review.report

interface Opening {
  at: string
  sample: string
  acceptedAt: string
  case: number
  reason: string
}

interface Report {
  account: string
  at: string
  samples: number
  openings: readonly Opening[]
}

/** A cell that no spreadsheet takes for a formula. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return `"${safe.replaceAll('"', '""')}"`
}

function csvOf({ openings }: Report): string {
  const rows = openings.map(({ at, sample, acceptedAt, case: file, reason }) =>
    [at, sample, acceptedAt, String(file), reason].map(cell).join(','),
  )
  return `${['opened_at,sample,accepted_at,case,reason', ...rows].join('\r\n')}\r\n`
}

function save(report: Report, kind: 'csv' | 'json'): void {
  const name = `access-report-${report.account}-${report.at.slice(0, 10)}.${kind}`
  const content = kind === 'csv' ? csvOf(report) : `${JSON.stringify(report, null, 2)}\n`
  saveFile(name, new Blob([content], { type: kind === 'csv' ? 'text/csv' : 'application/json' }))
}

export function AccessReport({ account }: { account: AccountView }) {
  const { queries } = useApi()
  const report = useQuery(queries.openings.report.queryOptions({ input: { name: account.name } }))
  if (report.isError) return <ProblemNote {...problemOf(report.error)} onRetry={() => void report.refetch()} />
  if (!report.data) return <SkeletonLines lines={4} />
  const { samples, openings } = report.data
  return (
    <>
      <div className="mb-3 flex items-start gap-3">
        <p className="min-w-0 flex-1 text-dim">
          <b className="num font-semibold text-text">
            {words.stored(samples, count(samples))}, {words.opened(openings.length, count(openings.length))}.
          </b>{' '}
          {words.help}
        </p>
        {(['csv', 'json'] as const).map((kind) => (
          <Button key={kind} aria-label={words.export(words[kind])} onClick={() => save(report.data, kind)}>
            <Download size={14} />
            {words[kind]}
          </Button>
        ))}
      </div>
      {openings.length === 0 ? (
        <Empty title={words.none} help={words.noneHelp} />
      ) : (
        <div className="overflow-x-auto rounded-lg border border-line">
          <table className={tableClass}>
            <thead>
              <tr>
                <th>{words.column.at}</th>
                <th>{words.column.accepted}</th>
                <th>{words.column.case}</th>
                <th>{words.column.reason}</th>
              </tr>
            </thead>
            <tbody>
              {openings.map(({ at, sample, acceptedAt, case: file, reason }) => (
                <tr key={`${file} ${sample} ${at}`}>
                  <td className="whitespace-nowrap">
                    <Time at={at} ago={false} />
                  </td>
                  <td className="whitespace-nowrap" title={sample}>
                    <Time at={acceptedAt} ago={false} />
                  </td>
                  <td>
                    <Link
                      to="/review/{-$id}"
                      params={{ id: String(file) }}
                      search={{}}
                      className="num text-accent hover:underline"
                    >
                      {file}
                    </Link>
                  </td>
                  <td>{reason}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}
