/** Where mail goes, by recipient domain. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Pencil, Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { RouteRuleView } from '../../../contract/routes.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { describeRoute, RouteForm } from '../../components/route-form.tsx'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Card, SectionHead } from './section.tsx'

const words = text.settings.routes

type Editing = { kind: 'new' } | { kind: 'edit'; rule: RouteRuleView }

export function Routes() {
  const { queries } = useApi()
  const mayChange = useUser().role === 'admin'
  const routes = useQuery(queries.routes.list.queryOptions())
  const [editing, setEditing] = useState<Editing>()
  const [removing, setRemoving] = useState<string>()
  return (
    <>
      <SectionHead
        title={words.title}
        help={words.help}
        action={
          mayChange ? (
            <Button onClick={() => setEditing({ kind: 'new' })}>
              <Plus size={14} />
              {words.add}
            </Button>
          ) : null
        }
      />
      {routes.isError ? (
        <ProblemNote {...problemOf(routes.error)} onRetry={() => void routes.refetch()} />
      ) : (
        <Card>
          {routes.data === undefined ? (
            <div className="p-4">
              <SkeletonLines lines={2} />
            </div>
          ) : routes.data.length === 0 ? (
            <p className="px-4 py-3 text-dim">{words.none}</p>
          ) : (
            <ul>
              {routes.data.map((rule) => (
                <li
                  key={rule.domain}
                  className="flex min-h-10 items-center gap-3 border-line-soft border-t px-4 first:border-t-0"
                >
                  <span className="w-52 shrink-0 truncate">
                    {rule.domain === '*' ? text.route.everyOther : <span className="mono">{rule.domain}</span>}
                  </span>
                  <span className="min-w-0 flex-1 truncate text-dim">{describeRoute(rule.route)}</span>
                  {mayChange ? (
                    <>
                      <IconButton label={words.edit} onClick={() => setEditing({ kind: 'edit', rule })}>
                        <Pencil size={13} />
                      </IconButton>
                      <IconButton label={text.common.remove} onClick={() => setRemoving(rule.domain)}>
                        <Trash2 size={13} />
                      </IconButton>
                    </>
                  ) : null}
                </li>
              ))}
            </ul>
          )}
        </Card>
      )}
      {editing ? <EditRoute editing={editing} onClose={() => setEditing(undefined)} /> : null}
      <RemoveRoute domain={removing} onClose={() => setRemoving(undefined)} />
    </>
  )
}

function nameOf(domain: string): string {
  return domain === '*' ? text.route.everyOther : domain
}

function EditRoute({ editing, onClose }: { editing: Editing; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const set = useMutation({
    mutationFn: (rule: RouteRuleView) => client.routes.set(rule),
    onSuccess: async (rule) => {
      await cache.invalidateQueries({ queryKey: queries.routes.key() })
      toast.success(words.saved(nameOf(rule.domain)))
      onClose()
    },
  })
  const rule = editing.kind === 'edit' ? editing.rule : undefined
  return (
    <Dialog open wide onClose={onClose} title={rule ? words.editOf(nameOf(rule.domain)) : words.newTitle}>
      <div className="px-5 pt-2 pb-4">
        <RouteForm
          domain={rule?.domain}
          route={rule?.route}
          kinds={['capture', 'smarthost', 'mx', 'reject']}
          submit={text.common.save}
          busy={set.isPending}
          problem={set.error ? problemOf(set.error) : undefined}
          onSubmit={(next) => set.mutate(next)}
          onCancel={onClose}
        />
      </div>
    </Dialog>
  )
}

function RemoveRoute({ domain, onClose }: { domain: string | undefined; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const remove = useMutation({
    mutationFn: (which: string) => client.routes.remove({ domain: which }),
    onSuccess: async (_, which) => {
      await cache.invalidateQueries({ queryKey: queries.routes.key() })
      toast.success(words.removed(nameOf(which)))
      onClose()
    },
    onError: (error) => toast.error(problemOf(error).what),
  })
  return (
    <ConfirmDialog
      open={domain !== undefined}
      title={words.removeAsk(nameOf(domain ?? ''))}
      help={words.removeHelp}
      confirm={text.common.remove}
      busy={remove.isPending}
      onConfirm={() => domain !== undefined && remove.mutate(domain)}
      onClose={onClose}
    />
  )
}
