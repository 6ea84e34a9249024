/** Where people reach the console from outside: links in letters begin with it. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Copyable } from '../../ui/copy.tsx'
import { Field } from '../../ui/field.tsx'
import { Row } from './section.tsx'

const words = text.settings.publicUrl

/** A row of a card: the address as it is, and for an admin the way to change it. */
export function PublicUrl() {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const [changing, setChanging] = useState(false)
  const present = useQuery(queries.policy.publicUrl.queryOptions())
  const url = present.data?.url
  return (
    <Row label={words.title} help={words.help}>
      <div className="flex items-center gap-3">
        <span className="min-w-0 flex-1">
          {present.isError ? (
            problemOf(present.error).what
          ) : url === undefined ? (
            <span className="skeleton inline-block h-3.5 w-40" />
          ) : url === '' ? (
            <span className="text-dim">{words.none}</span>
          ) : (
            <Copyable value={url} what={words.title} />
          )}
        </span>
        {mayChange && url !== undefined ? (
          <Button small aria-label={`${words.change} ${words.title}`} onClick={() => setChanging(true)}>
            {words.change}
          </Button>
        ) : null}
      </div>
      {changing && url !== undefined ? <UrlForm present={url} onClose={() => setChanging(false)} /> : null}
    </Row>
  )
}

function UrlForm({ present, onClose }: { present: string; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [written, setWritten] = useState(present)
  const [reason, setReason] = useState('')
  const url = written.trim()
  const isGood = url === '' || (/^https?:\/\/[^/\s]+/.test(url) && URL.canParse(url))
  const set = useMutation({
    mutationFn: () => client.policy.setPublicUrl({ url, reason: reason.trim() }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.policy.publicUrl.key() })
      toast.success(words.saved)
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.formTitle}
      description={words.formHelp}
      submit={words.save}
      ready={isGood && reason.trim() !== '' && !set.isPending}
      problem={set.error ? problemOf(set.error) : undefined}
      onSubmit={() => set.mutate()}
      onClose={onClose}
    >
      <Field
        label={words.url}
        mono
        maxLength={300}
        placeholder={words.placeholder}
        value={written}
        problem={isGood ? undefined : words.bad}
        onChange={(event) => setWritten(event.target.value)}
      />
      <Field
        label={text.common.reason}
        help={words.reasonHelp}
        maxLength={1000}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </FormDialog>
  )
}
