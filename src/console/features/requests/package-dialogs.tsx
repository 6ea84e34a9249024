/** Packages: released by a second person, handed over by link and passphrase, destroyed before their time. */

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { ExportView } from '../../../contract/requests.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count, momentInText } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { useMutationAction } from './data.ts'

const words = text.requests.dataExports

export interface ExportDialogProps {
  file: ExportView
  onClose: () => void
}

/** What stands in the package, as the person will read it: in a frame that loads and runs nothing. */
function Report({ id }: { id: number }) {
  const { client } = useApi()
  // each reading is an entry in the audit log: it is kept apart from what is read again when the log grows
  const report = useQuery({
    queryKey: ['package report', id],
    queryFn: ({ signal }) => client.requests.readExport({ id }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnReconnect: false,
  })
  if (report.isError) return <ProblemNote {...problemOf(report.error)} onRetry={() => void report.refetch()} />
  if (!report.data) return <SkeletonLines lines={6} />
  const { html, records, shown } = report.data
  return (
    <>
      <iframe
        title={words.report(id)}
        sandbox=""
        referrerPolicy="no-referrer"
        srcDoc={html}
        className="h-[52vh] w-full rounded-md border border-line bg-white"
      />
      {shown < records ? <p className="num text-faint text-sm">{words.cut(count(shown), count(records))}</p> : null}
    </>
  )
}

export function ReadExport({ file, onClose }: ExportDialogProps) {
  return (
    <Dialog
      open
      broad
      onClose={onClose}
      title={words.report(file.id)}
      description={words.readHelp}
      footer={<Button onClick={onClose}>{text.common.close}</Button>}
    >
      <div className="grid gap-2 px-5 pt-2 pb-3">
        <Report id={file.id} />
      </div>
    </Dialog>
  )
}

export function ReviewExport({ file, onClose }: ExportDialogProps) {
  const { client } = useApi()
  const [note, setNote] = useState('')
  const review = useMutationAction(
    () => client.requests.reviewExport({ id: file.id, note: note.trim() }),
    () => {
      toast.success(words.reviewedDone)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.reviewTitle(file.id)}
      description={words.reviewHelp}
      submit={words.reviewGo}
      broad
      ready={!review.isPending}
      problem={review.error ? problemOf(review.error) : undefined}
      onSubmit={() => review.mutate(undefined)}
      onClose={onClose}
    >
      <Report id={file.id} />
      <Field
        label={`${words.reviewNote} (${text.common.optional})`}
        value={note}
        maxLength={1000}
        autoFocus
        onChange={(event) => setNote(event.target.value)}
      />
    </FormDialog>
  )
}

const hours = [24, 72, 168, 720] as const

export interface HandOverProps extends ExportDialogProps {
  /** goes on to the answer, which names the link */
  onAnswer?: ((link: string) => void) | undefined
}

export function HandOver({ file, onClose, onAnswer }: HandOverProps) {
  const { client, queries } = useApi()
  const [chosen, setChosen] = useState<number>(168)
  const [made, setMade] = useState<{ path: string; passphrase: string; expiresAt: string }>()
  const make = useMutationAction(() => client.requests.handOver({ id: file.id, hours: chosen }), setMade)
  const outside = useQuery(queries.policy.publicUrl.queryOptions({ staleTime: 60_000 }))
  if (made) {
    const base = outside.data?.url || (location.protocol.startsWith('http') ? location.origin : '')
    const link = `${base.replace(/\/$/, '')}${made.path}`
    return (
      <Dialog
        open
        wide
        onClose={onClose}
        title={words.handTitle(file.id)}
        footer={
          <>
            <Button {...(onAnswer ? {} : { kind: 'primary' })} onClick={onClose}>
              {words.handDone}
            </Button>
            {onAnswer ? (
              <Button kind="primary" onClick={() => onAnswer(link)}>
                {words.handAnswer}
              </Button>
            ) : null}
          </>
        }
      >
        <div className="grid gap-3 px-5 pt-2 pb-3">
          <div>
            <div className="mb-1 font-medium text-sm">{words.link}</div>
            <CodeBlock label={words.link} value={link} />
            {outside.data?.url ? null : <p className="mt-1 text-faint text-sm">{words.noOutside}</p>}
          </div>
          <div>
            <div className="mb-1 font-medium text-sm">{words.passphrase}</div>
            <CodeBlock label={words.passphrase} value={made.passphrase} />
          </div>
          <Note tone="warning" title={words.once}>
            {words.until(momentInText(made.expiresAt, Date.now()))}
          </Note>
        </div>
      </Dialog>
    )
  }
  return (
    <FormDialog
      title={words.handTitle(file.id)}
      description={words.handHelp}
      submit={words.handGo}
      ready={!make.isPending}
      problem={make.error ? problemOf(make.error) : undefined}
      onSubmit={() => make.mutate(undefined)}
      onClose={onClose}
    >
      <SelectField
        label={words.hours}
        value={String(chosen)}
        options={hours.map((each) => ({ value: String(each), label: words.hoursOf[each] ?? String(each) }))}
        onChange={(event) => setChosen(Number(event.target.value))}
      />
    </FormDialog>
  )
}

export function DestroyExport({ file, onClose }: ExportDialogProps) {
  const { client } = useApi()
  const destroy = useMutationAction(
    () => client.requests.destroyExport({ id: file.id }),
    () => {
      toast.success(words.destroyed)
      onClose()
    },
  )
  return (
    <FormDialog
      title={words.destroyTitle(file.id)}
      description={words.destroyHelp}
      submit={words.destroyGo}
      danger
      ready={!destroy.isPending}
      problem={destroy.error ? problemOf(destroy.error) : undefined}
      onSubmit={() => destroy.mutate(undefined)}
      onClose={onClose}
    >
      {null}
    </FormDialog>
  )
}
