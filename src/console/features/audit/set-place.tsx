/** Where checkpoints are written to. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { problemOf, useApi } from '../../api.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/state.tsx'

const words = text.audit.proof.checkpoints

export interface SetTargetProps {
  place: string | null
  onClose: () => void
}

export function SetTarget({ place, onClose }: SetTargetProps) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [written, setWritten] = useState(place ?? '')
  const change = useMutation({
    mutationFn: (next: string | null) => client.audit.setTarget({ place: next }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.audit.checkpoints.key() })
      toast.success(words.setDone)
      onClose()
    },
  })
  const possible = written.trim() !== '' && written.trim() !== place && !change.isPending
  const submit = (): void => {
    if (possible) change.mutate(written.trim())
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.setTitle}
      description={words.setHelp}
      footer={
        <>
          {place === null ? null : (
            <Button className="mr-auto" disabled={change.isPending} onClick={() => change.mutate(null)}>
              {words.setNone}
            </Button>
          )}
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="primary" disabled={!possible} onClick={submit}>
            {text.common.save}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3 px-5 pt-2 pb-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <Field
          label={words.setLabel}
          mono
          maxLength={4096}
          value={written}
          onChange={(event) => setWritten(event.target.value)}
        />
        {change.error ? <ProblemNote {...problemOf(change.error)} /> : null}
      </form>
    </Dialog>
  )
}
