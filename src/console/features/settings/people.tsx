/** Who may use the console, and what for. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, Trash2 } from 'lucide-react'
import { useId, useState } from 'react'
import { useForm } from 'react-hook-form'
import { toast } from 'sonner'
import type { PersonView } from '../../../contract/session.ts'
import { type Role, roles } from '../../../model/people.ts'
import { problemOf, useApi, usePerson } from '../../api.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field, SelectField } from '../../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Card, SectionHead } from './section.tsx'

const words = text.settings.people

export function People() {
  const { queries } = useApi()
  const me = usePerson()
  const people = useQuery(queries.people.list.queryOptions())
  const [adding, setAdding] = useState(false)
  const [removing, setRemoving] = useState<PersonView>()
  return (
    <>
      <SectionHead
        title={words.title}
        help={words.help}
        action={
          me.role === 'admin' ? (
            <Button onClick={() => setAdding(true)}>
              <Plus size={14} />
              {words.add}
            </Button>
          ) : null
        }
      />
      {people.isError ? (
        <ProblemNote {...problemOf(people.error)} onRetry={() => void people.refetch()} />
      ) : people.data === undefined ? (
        <SkeletonLines lines={3} />
      ) : (
        <Card>
          <ul>
            {people.data.map((person) => (
              <li
                key={person.id}
                className="flex min-h-11 items-center gap-3 border-line-soft border-t px-4 first:border-t-0"
              >
                <span className="min-w-0 flex-1">
                  <span className="font-medium">{person.name || person.email}</span>{' '}
                  {person.id === me.id ? <span className="text-faint">({words.you})</span> : null}
                  {person.name ? <span className="mono block truncate text-dim">{person.email}</span> : null}
                </span>
                <span className="text-dim" title={text.roleHelp[person.role]}>
                  {text.role[person.role]}
                </span>
                {me.role === 'admin' ? (
                  <IconButton label={`${text.common.remove} ${person.email}`} onClick={() => setRemoving(person)}>
                    <Trash2 size={13} />
                  </IconButton>
                ) : null}
              </li>
            ))}
          </ul>
        </Card>
      )}
      {adding ? <AddPerson onClose={() => setAdding(false)} /> : null}
      <RemovePerson person={removing} onClose={() => setRemoving(undefined)} />
    </>
  )
}

interface Values {
  email: string
  name: string
  role: Role
  password: string
}

const LEAST_PASSWORD = 12

function AddPerson({ onClose }: { onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const id = useId()
  const { register, handleSubmit, formState } = useForm<Values>({ defaultValues: { role: 'operator' } })
  const add = useMutation({
    mutationFn: (values: Values) => client.people.add({ ...values, name: values.name || undefined }),
    onSuccess: async (person) => {
      await cache.invalidateQueries({ queryKey: queries.people.key() })
      toast.success(words.added(person.email))
      onClose()
    },
  })
  const { errors } = formState
  const needed = { required: text.common.required }
  return (
    <Dialog
      open
      onClose={onClose}
      title={words.add}
      footer={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button type="submit" form={id} kind="primary" disabled={add.isPending}>
            {text.common.add}
          </Button>
        </>
      }
    >
      <form
        id={id}
        noValidate
        className="grid gap-3 px-5 pt-2 pb-3"
        onSubmit={(event) => void handleSubmit((values) => add.mutate(values))(event)}
      >
        <Field label={words.email} type="email" problem={errors.email?.message} {...register('email', needed)} />
        <Field label={`${words.name} (${text.common.optional})`} {...register('name')} />
        <SelectField
          label={words.role}
          options={roles.map((value) => ({ value, label: `${text.role[value]}: ${text.roleHelp[value]}` }))}
          {...register('role')}
        />
        <Field
          label={words.password}
          type="password"
          autoComplete="new-password"
          help={text.welcome.you.passwordHelp}
          problem={errors.password?.message}
          {...register('password', {
            ...needed,
            minLength: { value: LEAST_PASSWORD, message: text.welcome.you.passwordHelp },
          })}
        />
        {add.error ? <ProblemNote {...problemOf(add.error)} /> : null}
      </form>
    </Dialog>
  )
}

function RemovePerson({ person, onClose }: { person: PersonView | undefined; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const remove = useMutation({
    mutationFn: ({ id }: PersonView) => client.people.remove({ id }),
    onSuccess: async (_, { email }) => {
      await cache.invalidateQueries({ queryKey: queries.people.key() })
      toast.success(words.removed(email))
      onClose()
    },
    onError: (error) => {
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    },
  })
  return (
    <ConfirmDialog
      open={person !== undefined}
      title={words.removeAsk(person?.email ?? '')}
      help={words.removeHelp}
      confirm={text.common.remove}
      busy={remove.isPending}
      onConfirm={() => person && remove.mutate(person)}
      onClose={onClose}
    />
  )
}
