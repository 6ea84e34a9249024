/** Where trust in an account ends by itself. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { Thresholds } from '../../../../contract/trust.ts'
import { problemOf, useApi, useUser } from '../../../api.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { count, share } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Field, TextAreaField } from '../../../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../../../ui/state.tsx'
import { Card, Row } from '../section.tsx'

const words = text.settings.policy

export function TrustEnds() {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const [changing, setChanging] = useState(false)
  const thresholds = useQuery(queries.trust.thresholds.queryOptions())
  return (
    <section aria-label={words.thresholds} className="mt-6">
      <div className="mb-2 flex items-end justify-between gap-4">
        <div>
          <h3 className="section-title">{words.thresholds}</h3>
          <p className="text-dim">{words.thresholdsHelp}</p>
        </div>
        {mayChange && thresholds.data ? <Button onClick={() => setChanging(true)}>{words.change}</Button> : null}
      </div>
      {thresholds.isError ? (
        <ProblemNote {...problemOf(thresholds.error)} onRetry={() => void thresholds.refetch()} />
      ) : thresholds.data === undefined ? (
        <SkeletonLines lines={3} />
      ) : (
        <Card>
          <Row label={words.bounceRate} help={words.bounceHelp}>
            <span className="num">{share(thresholds.data.bounceRate)}</span>
          </Row>
          <Row label={words.complaintRate} help={words.complaintHelp}>
            <span className="num">{share(thresholds.data.complaintRate)}</span>
          </Row>
          <Row label={words.least} help={words.leastHelp}>
            <span className="num">{count(thresholds.data.leastMessages)}</span>
          </Row>
        </Card>
      )}
      {changing && thresholds.data ? (
        <ThresholdsForm present={thresholds.data} onClose={() => setChanging(false)} />
      ) : null}
    </section>
  )
}

/** A share out of percent as written; undefined when it is none. */
function shareOf(written: string): number | undefined {
  if (!/^\d{1,3}([.,]\d{1,4})?$/.test(written.trim())) return undefined
  // seven digits: what was written, without the tail that dividing by a hundred leaves
  const value = Number((Number(written.trim().replace(',', '.')) / 100).toFixed(7))
  return value <= 1 ? value : undefined
}

/** A share as percent, to be edited. */
function percentOf(value: number): string {
  return String(Number((value * 100).toFixed(5)))
}

function wholeOf(written: string): number | undefined {
  const value = /^\d{1,9}$/.test(written.trim()) ? Number(written) : 0
  return value >= 1 ? value : undefined
}

function ThresholdsForm({ present, onClose }: { present: Thresholds; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [bounces, setBounces] = useState(percentOf(present.bounceRate))
  const [complaints, setComplaints] = useState(percentOf(present.complaintRate))
  const [least, setLeast] = useState(String(present.leastMessages))
  const [reason, setReason] = useState('')
  const bounceRate = shareOf(bounces)
  const complaintRate = shareOf(complaints)
  const leastMessages = wholeOf(least)
  const next =
    bounceRate === undefined || complaintRate === undefined || leastMessages === undefined
      ? undefined
      : { bounceRate, complaintRate, leastMessages }
  const set = useMutation({
    mutationFn: (thresholds: Thresholds) => client.trust.setThresholds({ ...thresholds, reason }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.trust.key() })
      toast.success(words.saved)
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.formTitle}
      submit={words.save}
      ready={next !== undefined && reason.trim() !== '' && !set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={() => next && set.mutate(next)}
      onClose={onClose}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={words.bounceRate}
          inputMode="decimal"
          value={bounces}
          problem={bounceRate === undefined ? words.badPercent : undefined}
          end={<span className="text-faint">{words.percent}</span>}
          onChange={(event) => setBounces(event.target.value)}
        />
        <Field
          label={words.complaintRate}
          inputMode="decimal"
          value={complaints}
          problem={complaintRate === undefined ? words.badPercent : undefined}
          end={<span className="text-faint">{words.percent}</span>}
          onChange={(event) => setComplaints(event.target.value)}
        />
        <Field
          label={words.least}
          inputMode="numeric"
          value={least}
          problem={leastMessages === undefined ? words.badLeast : undefined}
          help={words.leastHelp}
          className="col-span-2"
          onChange={(event) => setLeast(event.target.value)}
        />
      </div>
      <TextAreaField
        label={words.reason}
        help={words.reasonHelp}
        rows={2}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  )
}
