/** Step 1: the first person, with the one-time token of the link. */

import { useMutation } from '@tanstack/react-query'
import { useForm } from 'react-hook-form'
import { problemOf, useApi } from '../../api.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNote } from '../../ui/state.tsx'

const words = text.welcome.you
const LEAST_PASSWORD = 12

interface Values {
  name: string
  email: string
  password: string
}

export interface YouProps {
  token: string
  onClaimed: (token: string) => Promise<void>
}

export function You({ token, onClaimed }: YouProps) {
  const { client } = useApi()
  const { register, handleSubmit, formState } = useForm<Values>()
  const claim = useMutation({
    mutationFn: async (values: Values) => {
      const opened = await client.session.claim({ ...values, token })
      await onClaimed(opened.token)
    },
  })
  if (token === '') return <p>{words.noToken}</p>
  const needed = { required: text.common.required }
  const { errors } = formState
  return (
    <form
      noValidate
      className="grid gap-3"
      onSubmit={(event) => void handleSubmit((values) => claim.mutate(values))(event)}
    >
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={words.name}
          autoComplete="name"
          autoFocus
          problem={errors.name?.message}
          {...register('name', needed)}
        />
        <Field
          label={words.email}
          type="email"
          autoComplete="username"
          problem={errors.email?.message}
          {...register('email', needed)}
        />
      </div>
      <Field
        label={words.password}
        type="password"
        autoComplete="new-password"
        help={words.passwordHelp}
        problem={errors.password?.message}
        {...register('password', { ...needed, minLength: { value: LEAST_PASSWORD, message: words.passwordHelp } })}
      />
      {claim.error ? <ProblemNote {...problemOf(claim.error)} /> : null}
      <div className="flex justify-end">
        <Button type="submit" kind="primary" disabled={claim.isPending}>
          {words.go}
        </Button>
      </div>
    </form>
  )
}
