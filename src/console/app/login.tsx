/** The login page. */

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { problemOf, useApi } from '../api.ts'
import { text } from '../text.ts'
import { Brand } from '../ui/brand.tsx'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { ProblemNote } from '../ui/state.tsx'
import { useOpened } from './session.ts'

export function Login() {
  const { client } = useApi()
  const opened = useOpened()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: async () => {
      const { token } = await client.session.login({ email: email.trim(), password })
      await opened(token)
    },
    onError: () => setPassword(''),
  })
  return (
    <main id="content" className="grid h-full place-items-center overflow-y-auto p-6">
      <form
        className="grid w-full max-w-[340px] gap-3.5 pb-[8vh]"
        onSubmit={(event) => {
          event.preventDefault()
          login.mutate()
        }}
      >
        <div className="mb-2 grid justify-items-center gap-3">
          <Brand size={40} />
          <h1 className="font-semibold text-xl tracking-[-0.02em]">{text.login.title}</h1>
        </div>
        <Field
          label={text.login.email}
          type="email"
          autoComplete="username"
          autoFocus
          required
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <Field
          label={text.login.password}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {login.error ? <ProblemNote {...problemOf(login.error)} /> : null}
        <Button type="submit" kind="primary" disabled={login.isPending} className="h-8">
          {login.isPending ? text.login.wait : text.login.go}
        </Button>
      </form>
    </main>
  )
}
