/** Writes a mailing: for which purpose, to whom it goes, and how people get out of it. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { toast } from 'sonner'
import type { ConsentView } from '../../../../contract/policy.ts'
import { problemOf, useApi } from '../../../api.ts'
import { FormDialog } from '../../../components/form-dialog.tsx'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Field, SelectField, TextAreaField } from '../../../ui/field.tsx'
import { Note } from '../../../ui/note.tsx'
import { ScrollRegion } from '../../../ui/scroll.tsx'

const words = text.settings.consents.mailing

/** addresses that are listed by name */
const LISTED = 200

/** Addresses whose consent stands, by purpose. */
function standingOf(consents: readonly ConsentView[]): Map<string, string[]> {
  const standing = new Map<string, string[]>()
  for (const { purpose, address, withdrawnAt } of consents) {
    if (withdrawnAt === null) standing.set(purpose, [...(standing.get(purpose) ?? []), address])
  }
  return standing
}

export interface SendMailingProps {
  consents: readonly ConsentView[]
  onClose: () => void
}

export function SendMailing({ consents, onClose }: SendMailingProps) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const publicUrl = useQuery(queries.policy.publicUrl.queryOptions())
  const standing = standingOf(consents)
  const [purpose, setPurpose] = useState(standing.size === 1 ? [...standing.keys()][0]! : '')
  const [subject, setSubject] = useState('')
  const [body, setBody] = useState('')
  const addresses = standing.get(purpose) ?? []
  const send = useMutation({
    mutationFn: () => client.policy.sendMailing({ purpose, subject: subject.trim(), text: body.trim() }),
    onSuccess: async ({ sent, left }) => {
      await cache.invalidateQueries({ queryKey: queries.policy.consents.key() })
      const description = left > 0 ? { description: words.left(count(left)) } : {}
      toast.success(words.done(sent, count(sent)), description)
      onClose()
    },
  })
  const isReady = addresses.length > 0 && subject.trim() !== '' && body.trim() !== ''
  return (
    <FormDialog
      title={words.title}
      description={words.help}
      submit={addresses.length > 0 ? words.go(addresses.length, count(addresses.length)) : words.goNobody}
      wide
      ready={isReady && !send.isPending}
      problem={send.error ? problemOf(send.error) : undefined}
      onSubmit={() => send.mutate()}
      onClose={onClose}
    >
      {standing.size === 0 ? (
        <Note tone="warning">
          <p>{words.nobody}</p>
        </Note>
      ) : (
        <>
          <SelectField
            label={text.settings.consents.purpose}
            value={purpose}
            onChange={(event) => setPurpose(event.target.value)}
            options={[
              { value: '', label: words.choose },
              ...[...standing].map(([value, all]) => ({
                value,
                label: words.option(value, all.length, count(all.length)),
              })),
            ]}
          />
          {addresses.length > 0 ? <Addresses addresses={addresses} /> : null}
          <Field
            label={words.subject}
            value={subject}
            maxLength={200}
            onChange={(event) => setSubject(event.target.value)}
          />
          <TextAreaField
            label={words.text}
            rows={9}
            value={body}
            maxLength={60_000}
            onChange={(event) => setBody(event.target.value)}
          />
          {publicUrl.data === undefined ? null : (
            <Note tone={publicUrl.data.url ? 'plain' : 'warning'}>
              <p className="text-dim">
                {publicUrl.data.url ? words.oneClick : words.byMailOnly}{' '}
                {publicUrl.data.url ? null : (
                  <Link
                    to="/settings/{-$section}"
                    params={{ section: 'relay' }}
                    search={{}}
                    className="text-accent underline"
                  >
                    {words.setAddress}
                  </Link>
                )}
              </p>
            </Note>
          )}
        </>
      )}
    </FormDialog>
  )
}

function Addresses({ addresses }: { addresses: readonly string[] }) {
  return (
    <details className="-mt-1 rounded-md bg-sunken px-3 py-2">
      <summary className="num">{words.gets(addresses.length, count(addresses.length))}</summary>
      <ScrollRegion label={words.who} className="mt-1 max-h-32 overflow-y-auto">
        <ul className="mono text-dim">
          {addresses.slice(0, LISTED).map((address) => (
            <li key={address} className="truncate">
              {address}
            </li>
          ))}
        </ul>
        {addresses.length > LISTED ? (
          <p className="num text-faint">{words.more(count(addresses.length - LISTED))}</p>
        ) : null}
      </ScrollRegion>
    </details>
  )
}
