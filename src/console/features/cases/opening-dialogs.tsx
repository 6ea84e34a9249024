/** The way to a sample: asking for it, taking the request back, opening it. */

import { useState } from 'react'
import { toast } from 'sonner'
import type { CaseDetail, CaseSample } from '../../../contract/cases.ts'
import type { SampleContentView } from '../../../contract/openings.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { count, duration, shortTime, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { useListAgain, useMutationAction } from './data.ts'

const words = text.review
const HOUR_SECONDS = 3600

export interface SampleDialogProps {
  file: CaseDetail
  sample: CaseSample
  onClose: () => void
}

/** The sample in one line, without anything of its content. */
export function SampleLine({ sample }: { sample: CaseSample }) {
  return (
    <p className="num flex flex-wrap gap-x-2 rounded-md bg-sunken px-3 py-2 text-dim">
      <span>{shortTime(sample.acceptedAt, Date.now())}</span>
      <span>{size(sample.size)}</span>
      <span className="mono">{sample.domains.slice(0, 3).join(', ')}</span>
      {sample.score === null ? null : (
        <span>
          {words.samples.column.score.toLowerCase()} {count(Math.round(sample.score))}
        </span>
      )}
    </p>
  )
}

export function Ask({ file, sample, onClose }: SampleDialogProps) {
  const { client } = useApi()
  const [reason, setReason] = useState('')
  const [override, setOverride] = useState('')
  const below = file.suspicion < file.threshold
  const ask = useMutationAction(
    () =>
      client.openings.request({
        case: file.id,
        sample: sample.id,
        reason: reason.trim(),
        ...(below ? { override: override.trim() } : {}),
      }),
    () => {
      toast.success(words.ask.done)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.ask.title}
      description={file.secondPerson ? words.ask.second : words.ask.delay(duration(file.delayHours * HOUR_SECONDS, 1))}
      submit={below ? words.ask.goBelow : words.ask.go}
      ready={reason.trim() !== '' && (!below || override.trim() !== '') && !ask.isPending}
      problem={ask.error ? problemOf(ask.error) : undefined}
      onSubmit={() => ask.mutate(undefined)}
      onClose={onClose}
    >
      <SampleLine sample={sample} />
      <Field
        label={words.ask.reason}
        help={words.ask.reasonHelp}
        value={reason}
        maxLength={1000}
        autoFocus
        onChange={(event) => setReason(event.target.value)}
      />
      {below ? (
        <>
          <Note tone="warning" title={words.ask.override(count(file.suspicion), count(file.threshold))}>
            {words.ask.overrideHelp}
          </Note>
          <Field
            label={words.ask.overrideLabel}
            value={override}
            maxLength={1000}
            onChange={(event) => setOverride(event.target.value)}
          />
        </>
      ) : null}
    </FormDialog>
  )
}

export function Revoke({ sample, onClose }: SampleDialogProps) {
  const { client } = useApi()
  const revoke = useMutationAction(
    (reason: string) => client.openings.revoke({ id: sample.opening?.id ?? 0, reason }),
    onClose,
  )
  return (
    <ReasonDialog
      title={words.step.revokeTitle}
      help={words.step.revokeHelp}
      reasonHelp={words.step.reasonKept}
      confirm={words.step.revokeGo}
      busy={revoke.isPending}
      error={revoke.error}
      onConfirm={(reason) => revoke.mutate(reason)}
      onClose={onClose}
    />
  )
}

export interface OpenSampleProps extends SampleDialogProps {
  /** how long it stays open, minutes; undefined until it is known */
  minutes: number | undefined
  onOpened: (view: SampleContentView) => void
}

/**
 * Opens the sample. The content goes straight to who shows it: no cache of questions or orders ever holds it, and the
 * passphrase is forgotten with this form.
 */
export function OpenSample({ file, sample, minutes, onOpened, onClose }: OpenSampleProps) {
  const { client } = useApi()
  const readAgain = useListAgain()
  const [passphrase, setPassphrase] = useState('')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>()
  const open = async (): Promise<void> => {
    setBusy(true)
    try {
      const id = sample.opening?.id ?? 0
      onOpened(await client.openings.view({ id, ...(file.passphrase ? { passphrase } : {}) }))
    } catch (fault) {
      setError(fault)
      setBusy(false)
    }
    void readAgain()
  }
  return (
    <FormDialog
      title={words.open.title}
      description={words.open.help(minutes === undefined ? text.common.dash : duration(minutes * 60, 1))}
      submit={busy ? words.open.opening : words.open.go}
      ready={!busy && (!file.passphrase || passphrase !== '')}
      problem={error === undefined ? undefined : problemOf(error)}
      onSubmit={() => void open()}
      onClose={onClose}
    >
      <SampleLine sample={sample} />
      {file.passphrase ? (
        <Field
          label={words.open.passphrase}
          help={words.open.passphraseHelp}
          type="password"
          autoComplete="off"
          value={passphrase}
          autoFocus
          onChange={(event) => setPassphrase(event.target.value)}
        />
      ) : null}
    </FormDialog>
  )
}
