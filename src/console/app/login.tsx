/** The login page: address and password, then the code where the person has a second factor. */

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { neededFor, problemOf, refusalCode, useApi } from '../api.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Field } from '../ui/field.tsx'
import { ProblemNote } from '../ui/state.tsx'
import { Page } from './page.tsx'
import { ResetNotice, type SecondFactorReset } from './reset-notice.tsx'
import { useOpened } from './session.ts'

const words = text.login

export function Login() {
  const { client } = useApi()
  const opened = useOpened()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const [asksCode, setAsksCode] = useState(false)
  const [reset, setReset] = useState<SecondFactorReset & { token: string }>()
  const login = useMutation({
    mutationFn: async () => {
      const given = { email: email.trim(), password, code: code.trim() || undefined }
      const { token, secondFactorReset } = await client.session.login(given)
      if (secondFactorReset) setReset({ ...secondFactorReset, token })
      else await opened(token)
    },
    onError: (error) => {
      setCode('')
      if (neededFor(error) === 'code') return setAsksCode(true)
      setAsksCode(false)
      setPassword('')
    },
  })
  const startAgain = (): void => {
    login.reset()
    setAsksCode(false)
    setPassword('')
    setCode('')
  }
  // to be asked for the code is no problem; a wrong one is
  const isQuestion = neededFor(login.error) === 'code' && refusalCode(login.error) === 'REFUSED'
  const problem = login.error && !isQuestion ? problemOf(login.error) : undefined
  if (reset) return <ResetNotice reset={reset} onRead={() => void opened(reset.token)} />
  return (
    <Page title={asksCode ? words.codeTitle : words.title}>
      <form
        className="grid gap-3.5"
        onSubmit={(event) => {
          event.preventDefault()
          login.mutate()
        }}
      >
        {asksCode ? (
          <Field
            key="code"
            label={words.code}
            help={words.codeHelp}
            mono
            autoComplete="one-time-code"
            autoFocus
            required
            value={code}
            onChange={(event) => setCode(event.target.value)}
          />
        ) : (
          <>
            <Field
              label={words.email}
              type="email"
              autoComplete="username"
              autoFocus
              required
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
            <Field
              label={words.password}
              type="password"
              autoComplete="current-password"
              required
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </>
        )}
        {problem ? <ProblemNote {...problem} /> : null}
        <Button type="submit" kind="primary" disabled={login.isPending} className="h-8">
          {login.isPending ? words.wait : words.go}
        </Button>
        {asksCode ? (
          <Button kind="ghost" onClick={startAgain}>
            {words.other}
          </Button>
        ) : null}
      </form>
    </Page>
  )
}
