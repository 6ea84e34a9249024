/** The page of an invitation: name and password, once. */

import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { LEAST_PASSWORD } from '../../model/user.ts'
import { problemOf, useApi } from '../api.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../ui/state.tsx'
import { Page } from './page.tsx'

const words = text.join

export interface JoinProps {
  token: string
  onJoined: (token: string) => Promise<void>
}

export function Join({ token, onJoined }: JoinProps) {
  const { queries } = useApi()
  const navigate = useNavigate()
  const invitation = useQuery(
    queries.session.invitation.queryOptions({ input: { token }, staleTime: Number.POSITIVE_INFINITY, retry: false }),
  )
  if (invitation.isError)
    return (
      <Page title={words.title}>
        <ProblemNote {...problemOf(invitation.error)} />
        <Button onClick={() => void navigate({ to: '/' })}>{words.toLogin}</Button>
      </Page>
    )
  if (!invitation.data)
    return (
      <Page title={words.title}>
        <SkeletonLines lines={3} />
      </Page>
    )
  const { email, name, role } = invitation.data
  return (
    <Page title={words.title} help={words.for(email, text.role[role])}>
      <JoinForm token={token} email={email} known={name} onJoined={onJoined} />
    </Page>
  )
}

function JoinForm({ token, email, known, onJoined }: JoinProps & { email: string; known: string }) {
  const { client } = useApi()
  const navigate = useNavigate()
  const [name, setName] = useState(known)
  const [password, setPassword] = useState('')
  const join = useMutation({
    mutationFn: async () => {
      const opened = await client.session.accept({ token, name: name.trim(), password })
      await onJoined(opened.token)
      await navigate({ to: '/' })
    },
  })
  return (
    <form
      className="grid gap-3.5"
      onSubmit={(event) => {
        event.preventDefault()
        join.mutate()
      }}
    >
      <input type="hidden" autoComplete="username" value={email} readOnly />
      <Field
        label={words.name}
        autoComplete="name"
        autoFocus
        required
        maxLength={200}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <Field
        label={words.password}
        help={words.passwordHelp}
        type="password"
        autoComplete="new-password"
        required
        minLength={LEAST_PASSWORD}
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      {join.error ? <ProblemNote {...problemOf(join.error)} /> : null}
      <Button type="submit" kind="primary" disabled={join.isPending || name.trim() === ''} className="h-8">
        {words.go}
      </Button>
    </form>
  )
}
