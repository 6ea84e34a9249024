/** One's own API tokens: made, shown once, taken back. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { TokenView } from '../../../contract/users.ts'
import { type TokenScope, tokenScopes } from '../../../model/user.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Cards } from '../../ui/choice.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { Time } from '../../ui/time.tsx'
import { Card } from './section.tsx'

const words = text.settings.own
const MOST_DAYS = 365

export function Tokens() {
  const { queries } = useApi()
  const [adding, setAdding] = useState(false)
  const [secret, setSecret] = useState<string>()
  const tokens = useQuery(queries.users.tokens.queryOptions({ input: {} }))
  return (
    <>
      <div className="mt-6 mb-2 flex items-end justify-between gap-4">
        <div>
          <h3 className="section-title">{words.tokens}</h3>
          <p className="text-dim">{words.tokensHelp}</p>
        </div>
        <Button onClick={() => setAdding(true)}>{words.addToken}</Button>
      </div>
      {tokens.isError ? (
        <ProblemNote {...problemOf(tokens.error)} onRetry={() => void tokens.refetch()} />
      ) : tokens.data === undefined ? (
        <SkeletonLines lines={2} />
      ) : tokens.data.length === 0 ? (
        <p className="text-faint">{words.noTokens}</p>
      ) : (
        <Card>
          <TokenTable tokens={tokens.data} />
        </Card>
      )}
      {adding ? <AddToken onMade={setSecret} onClose={() => setAdding(false)} /> : null}
      {secret === undefined ? null : (
        <Dialog
          open
          wide
          onClose={() => setSecret(undefined)}
          title={words.tokenMade}
          description={words.tokenMadeHelp}
          footer={
            <Button kind="primary" onClick={() => setSecret(undefined)}>
              {words.done}
            </Button>
          }
        >
          <div className="px-5 pt-2 pb-3">
            <CodeBlock value={secret} label={words.tokenSecret} />
          </div>
        </Dialog>
      )}
    </>
  )
}

function TokenTable({ tokens }: { tokens: readonly TokenView[] }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const revoke = useMutation({
    mutationFn: ({ id }: TokenView) => client.users.revokeToken({ id }),
    onSuccess: async (_, { name }) => {
      await cache.invalidateQueries({ queryKey: queries.users.tokens.key() })
      toast.success(words.revoked(name))
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
  })
  return (
    <table className={tableClass}>
      <thead>
        <tr>
          <th scope="col">{words.tokenName}</th>
          <th scope="col">{words.scope}</th>
          <th scope="col">{words.ends}</th>
          <th scope="col">{words.used}</th>
          <th scope="col">
            <span className="sr-only">{words.revoke}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <tr key={token.id}>
            <td className="font-medium">{token.name}</td>
            <td>{words.scopeOf[token.scope]}</td>
            <td>{token.expired ? <span className="text-bad">{words.expired}</span> : <Time at={token.expiresAt} />}</td>
            <td>{token.usedAt === null ? words.never : <Time at={token.usedAt} />}</td>
            <td className="text-right">
              <Button
                small
                aria-label={words.revokeOf(token.name)}
                disabled={revoke.isPending}
                onClick={() => revoke.mutate(token)}
              >
                {words.revoke}
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function AddToken({ onMade, onClose }: { onMade: (secret: string) => void; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [name, setName] = useState('')
  const [scope, setScope] = useState<TokenScope>('read')
  const [days, setDays] = useState('90')
  const fits = /^\d{1,3}$/.test(days) && Number(days) >= 1 && Number(days) <= MOST_DAYS
  const add = useMutation({
    mutationFn: () => client.users.addToken({ name: name.trim(), scope, days: Number(days) }),
    onSuccess: async ({ secret }) => {
      await cache.invalidateQueries({ queryKey: queries.users.tokens.key() })
      onMade(secret)
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.tokenTitle}
      submit={words.tokenGo}
      ready={name.trim() !== '' && fits && !add.isPending}
      problem={add.error ? problemOf(add.error) : undefined}
      onSubmit={() => add.mutate()}
      onClose={onClose}
    >
      <Field
        label={words.tokenName}
        help={words.tokenNameHelp}
        maxLength={100}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Cards
        label={words.scope}
        value={scope}
        onChange={setScope}
        options={tokenScopes.map((value) => ({ value, label: words.scopeOf[value], help: words.scopeHelp[value] }))}
      />
      <Field
        label={words.days}
        help={words.daysHelp}
        inputMode="numeric"
        value={days}
        onChange={(event) => setDays(event.target.value)}
      />
    </FormDialog>
  )
}
