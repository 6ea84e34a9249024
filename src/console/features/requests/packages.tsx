/** Packages of a request: reviewed by a second person, handed over, destroyed. */

import { Package } from 'lucide-react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { count, momentInText, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { useNow } from '../../ui/time.tsx'
import type { RequestMutations } from './orders.ts'

const words = text.requests.dataExports

type File = RequestDetail['dataExports'][number]

export interface DataExportsProps {
  request: RequestDetail
  orders: RequestMutations
}

/** What a person can do next with a package, if anything. */
export function nextForExport(file: File, names: readonly string[]): 'review' | 'hand over' | undefined {
  if (!file.available) return undefined
  if (!file.needsReview) return 'hand over'
  return names.includes(file.builtBy) ? undefined : 'review'
}

/** Whether a package of the request waits for somebody who looks. */
export function mayTakeExport({ dataExports }: RequestDetail, names: readonly string[]): boolean {
  return dataExports.some((file) => nextForExport(file, names) !== undefined)
}

export function DataExports({ request, orders }: DataExportsProps) {
  if (request.dataExports.length === 0) return null
  return (
    <ul aria-label={words.title} className="mt-2 grid gap-1.5">
      {request.dataExports.map((file) => (
        <Line key={file.id} file={file} orders={orders} />
      ))}
    </ul>
  )
}

function Line({ file, orders }: { file: File; orders: RequestMutations }) {
  const { email, name } = useUser()
  const mayWork = useMayWork()
  const now = useNow()
  const { id, bytes, records, builtBy, reviewedBy, downloads, available, expiresAt, sha256, needsReview } = file
  const step = nextForExport(file, [email, name])
  const facts = [words.records(records, count(records)), words.built(builtBy)]
  if (reviewedBy !== null) facts.push(words.reviewed(reviewedBy))
  if (downloads > 0) facts.push(words.downloads(downloads, count(downloads)))
  facts.push(available ? words.expires(momentInText(expiresAt, now)) : words.gone)
  return (
    <li className="flex items-start gap-2.5 rounded-lg border border-line px-3 py-2">
      <Package size={15} className="mt-0.5 shrink-0 text-faint" aria-hidden />
      <div className="min-w-0 flex-1">
        <div className="num font-[550]">
          {words.title} {id} <span className="font-normal text-dim">{size(bytes)}</span>
        </div>
        <p className="num text-dim">{facts.join(' · ')}</p>
        {available && needsReview ? (
          <p className="text-wait">{step === undefined ? words.ownReview : words.needsReview}</p>
        ) : null}
        <Copyable value={sha256} what={words.sha} className="text-faint text-sm">
          {words.sha} {sha256.slice(0, 16)}…
        </Copyable>
      </div>
      {mayWork && available ? (
        <span className="flex shrink-0 gap-1.5">
          <Button small onClick={() => orders.ask({ kind: 'destroy', file })}>
            {words.destroy}
          </Button>
          {step === 'review' ? null : (
            <Button small onClick={() => orders.ask({ kind: 'read', file })}>
              {words.read}
            </Button>
          )}
          {step === undefined ? null : (
            <Button small onClick={() => orders.ask({ kind: step, file })}>
              {step === 'review' ? words.review : words.handOver}
            </Button>
          )}
        </span>
      ) : null}
    </li>
  )
}
