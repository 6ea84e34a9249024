/** How requests of people about their data are handled. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { RequestPolicy } from '../../../contract/requests.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Card, Row, SectionHead } from './section.tsx'

const words = text.requests.settings

/** Days as somebody typed them; undefined when they are none, or not between these. */
function daysIn(text: string, least: number, most: number): number | undefined {
  const days = /^\d{1,4}$/.test(text.trim()) ? Number(text) : 0
  return days >= least && days <= most ? days : undefined
}

export function Requests() {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const [changing, setChanging] = useState(false)
  const policy = useQuery(queries.requests.policy.queryOptions())
  const present = policy.data
  return (
    <>
      <SectionHead
        title={words.title}
        help={words.help}
        action={mayChange && present ? <Button onClick={() => setChanging(true)}>{words.change}</Button> : null}
      />
      {policy.isError ? (
        <ProblemNote {...problemOf(policy.error)} onRetry={() => void policy.refetch()} />
      ) : present === undefined ? (
        <SkeletonLines lines={4} />
      ) : (
        <Card>
          <Row label={words.fixed} help={words.fixedHelp}>
            {words.fixedValue}
          </Row>
          <Row label={words.acknowledge} help={words.acknowledgeHelp}>
            {present.acknowledge ? words.acknowledgeOn : words.acknowledgeOff}
          </Row>
          <Row label={words.review} help={words.reviewHelp}>
            {present.reviewPackages ? words.reviewOn : words.reviewOff}
          </Row>
          <Row label={words.days} help={words.daysHelp}>
            <span className="num">{words.daysOf(present.packageDays, count(present.packageDays))}</span>
          </Row>
          <Row label={words.keep} help={words.keepHelp}>
            <span className="num">{words.daysOf(present.keepDays, count(present.keepDays))}</span>
          </Row>
        </Card>
      )}
      {changing && present ? <Form present={present} onClose={() => setChanging(false)} /> : null}
    </>
  )
}

function Form({ present, onClose }: { present: RequestPolicy; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [policy, setPolicy] = useState(present)
  const [days, setDays] = useState(String(present.packageDays))
  const [keep, setKeep] = useState(String(present.keepDays))
  const [reason, setReason] = useState('')
  const packageDays = daysIn(days, 1, 30)
  const keepDays = daysIn(keep, 30, 3650)
  const isWhole = packageDays !== undefined && keepDays !== undefined
  const set = useMutation({
    mutationFn: () =>
      client.requests.setPolicy({
        ...policy,
        packageDays: packageDays ?? present.packageDays,
        keepDays: keepDays ?? present.keepDays,
        reason: reason.trim(),
      }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.requests.key() })
      toast.success(words.saved)
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.formTitle}
      submit={words.save}
      ready={isWhole && reason.trim() !== '' && !set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={() => set.mutate()}
      onClose={onClose}
    >
      <Box
        label={words.acknowledge}
        help={words.acknowledgeHelp}
        checked={policy.acknowledge}
        onChange={(acknowledge) => setPolicy({ ...policy, acknowledge })}
      />
      <Box
        label={words.review}
        help={words.reviewHelp}
        checked={policy.reviewPackages}
        onChange={(reviewPackages) => setPolicy({ ...policy, reviewPackages })}
      />
      <Field
        label={words.days}
        help={words.daysHelp}
        inputMode="numeric"
        value={days}
        problem={packageDays === undefined ? words.badDays : undefined}
        end={<span className="text-faint">{words.daysUnit}</span>}
        onChange={(event) => setDays(event.target.value)}
      />
      <Field
        label={words.keep}
        help={words.keepHelp}
        inputMode="numeric"
        value={keep}
        problem={keepDays === undefined ? words.badKeep : undefined}
        end={<span className="text-faint">{words.daysUnit}</span>}
        onChange={(event) => setKeep(event.target.value)}
      />
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

interface BoxProps {
  label: string
  help: string
  checked: boolean
  onChange: (checked: boolean) => void
}

function Box({ label, help, checked, onChange }: BoxProps) {
  return (
    <label className="flex items-start gap-2">
      <input
        type="checkbox"
        checked={checked}
        onChange={(event) => onChange(event.target.checked)}
        className="mt-0.5 size-3.5 accent-accent"
      />
      <span>
        <span className="font-medium">{label}</span>
        <span className="block text-faint text-sm">{help}</span>
      </span>
    </label>
  )
}
