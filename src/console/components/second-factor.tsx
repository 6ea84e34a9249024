/** Setting up a second factor: the key for the app, its first code, the recovery codes. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf, useApi } from '../api.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { CodeBlock } from '../ui/copy.tsx'
import { Field } from '../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../ui/state.tsx'

const words = text.settings.own

/** A key in groups of four, as it is read and typed. */
function grouped(key: string): string {
  return key.replace(/(.{4})(?=.)/g, '$1 ')
}

/** @param onDone called when the second factor is on and its recovery codes were seen */
export function SecondFactorSetUp({ onDone }: { onDone: () => void }) {
  const { client } = useApi()
  const [code, setCode] = useState('')
  // each look makes a fresh key: it is looked at once, also when the line was lost in between
  const begun = useQuery({
    queryKey: ['second factor', 'begin'],
    queryFn: () => client.session.totpBegin(),
    staleTime: 'static',
    gcTime: 0,
    retry: false,
  })
  const confirm = useMutation({
    mutationFn: () => client.session.totpConfirm({ code }),
    onError: () => setCode(''),
  })
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onDone={onDone} />
  if (begun.isError) return <ProblemNote {...problemOf(begun.error)} />
  if (!begun.data) return <SkeletonLines lines={4} />
  return (
    <form
      className="grid grid-cols-[minmax(0,1fr)] gap-3"
      onSubmit={(event) => {
        event.preventDefault()
        confirm.mutate()
      }}
    >
      <p className="text-dim">{words.enter}</p>
      <CodeBlock value={grouped(begun.data.secret)} label={words.key} />
      <CodeBlock value={begun.data.uri} label={words.uri} />
      <Field
        label={words.code}
        mono
        required
        autoComplete="one-time-code"
        autoFocus
        inputMode="numeric"
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
      {confirm.error ? <ProblemNote {...problemOf(confirm.error)} /> : null}
      <div className="flex justify-end">
        <Button type="submit" kind="primary" disabled={confirm.isPending || code.trim() === ''}>
          {words.confirm}
        </Button>
      </div>
    </form>
  )
}

function RecoveryCodes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-3">
      <div>
        <h2 className="font-medium">{words.codesTitle}</h2>
        <p className="text-dim">{words.codesHelp}</p>
      </div>
      <CodeBlock value={codes.join('\n')} label={words.codes} />
      <div className="flex justify-end">
        <Button kind="primary" onClick={onDone}>
          {words.kept}
        </Button>
      </div>
    </div>
  )
}
