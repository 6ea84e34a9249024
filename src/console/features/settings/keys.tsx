/** Keys: who holds the seal key, what it wraps, and how it is replaced. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { SealKeyView } from '../../../contract/keys.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Cards } from '../../ui/choice.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Field, TextAreaField } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { Card, Row, SectionHead } from './section.tsx'

const words = text.settings.keys

export function Keys() {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const [rotating, setRotating] = useState(false)
  const key = useQuery(queries.keys.sealKey.queryOptions())
  return (
    <>
      <SectionHead
        title={words.title}
        help={words.help}
        action={mayChange && key.data ? <Button onClick={() => setRotating(true)}>{words.rotate}</Button> : null}
      />
      {key.isError ? (
        <ProblemNote {...problemOf(key.error)} onRetry={() => void key.refetch()} />
      ) : key.data === undefined ? (
        <SkeletonLines lines={5} />
      ) : (
        <SealKey sealKey={key.data} />
      )}
      <h3 className="section-title mt-6 mb-1">{words.logKey}</h3>
      <p className="text-dim">{words.logKeyHelp}</p>
      {rotating && key.data ? <Rotate present={key.data} onClose={() => setRotating(false)} /> : null}
    </>
  )
}

function SealKey({ sealKey }: { sealKey: SealKeyView }) {
  const { id, createdAt, keys, place, days, publicKey } = sealKey
  return (
    <>
      {keys === 'missing' ? (
        <Note tone="bad" title={words.missing} className="mb-3">
          <p className="text-dim">{words.missingHelp}</p>
        </Note>
      ) : null}
      <h3 className="section-title mb-2">{words.sealKey}</h3>
      <Card>
        <Row label={words.id}>
          <Copyable value={id} what={words.sealKey} />
        </Row>
        <Row label={words.created}>
          <Time at={createdAt} />
        </Row>
        <Row label={words.keys}>
          <span className={keys === 'missing' ? 'text-bad' : undefined}>{words.keyStorageOf[keys]}</span>
        </Row>
        <Row label={words.place}>
          {place === null ? (
            <span className="text-dim">{words.inHead}</span>
          ) : (
            <Copyable value={place} what={words.place} />
          )}
        </Row>
        <Row label={words.days}>
          <span className="num">{words.daysOf(days, count(days))}</span>
        </Row>
        <Row label={words.publicKey}>
          <Copyable value={publicKey} what={words.publicKey} />
        </Row>
      </Card>
    </>
  )
}

/** Characters a passphrase has at least. */
const SHORTEST = 12

function Rotate({ present, onClose }: { present: SealKeyView; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const asks = present.keys === 'passphrase'
  const [passphrase, setPassphrase] = useState('')
  const [keys, setKeyStorage] = useState<'file' | 'passphrase'>(asks ? 'passphrase' : 'file')
  const [next, setNext] = useState('')
  const [again, setAgain] = useState('')
  const [reason, setReason] = useState('')
  const protects = keys === 'passphrase'
  const differs = protects && again !== '' && again !== next
  const fits = !protects || (next.length >= SHORTEST && next === again)
  const rotate = useMutation({
    mutationFn: () =>
      client.keys.rotateSealKey({
        passphrase: asks ? passphrase : undefined,
        newPassphrase: protects ? next : undefined,
        reason,
      }),
    onSuccess: async ({ id }) => {
      await cache.invalidateQueries({ queryKey: queries.keys.key() })
      toast.success(words.rotated(id))
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.rotateTitle}
      description={words.rotateHelp}
      submit={words.go}
      ready={fits && (!asks || passphrase !== '') && reason.trim() !== '' && !rotate.isPending}
      problem={rotate.error ? problemOf(rotate.error) : undefined}
      onSubmit={() => rotate.mutate()}
      onClose={onClose}
    >
      {asks ? (
        <Field
          label={words.passphrase}
          type="password"
          autoComplete="off"
          value={passphrase}
          onChange={(event) => setPassphrase(event.target.value)}
        />
      ) : null}
      <Cards
        label={words.keyStorageChoice}
        value={keys}
        onChange={setKeyStorage}
        options={[
          { value: 'file', label: words.inFile, help: words.inFileHelp },
          { value: 'passphrase', label: words.inPassphrase, help: words.inPassphraseHelp },
        ]}
      />
      {protects ? (
        <div className="grid grid-cols-2 gap-3">
          <Field
            label={words.newPassphrase}
            help={words.newPassphraseHelp}
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={(event) => setNext(event.target.value)}
          />
          <Field
            label={words.again}
            type="password"
            autoComplete="new-password"
            problem={differs ? words.differs : undefined}
            value={again}
            onChange={(event) => setAgain(event.target.value)}
          />
        </div>
      ) : null}
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
