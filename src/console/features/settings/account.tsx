/** One's own account: password, second factor, sessions, API tokens. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { LEAST_PASSWORD } from '../../../model/user.ts'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { SecondFactorSetUp } from '../../components/second-factor.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Card, Row, SectionHead } from './section.tsx'
import { SessionTable } from './sessions.tsx'
import { Tokens } from './tokens.tsx'

const words = text.settings.own

export function Account() {
  const [changing, setChanging] = useState(false)
  return (
    <>
      <SectionHead title={words.title} help={words.help} />
      <Card>
        <Row label={words.password} help={words.passwordHelp}>
          <Button onClick={() => setChanging(true)}>{words.change}</Button>
        </Row>
        <SecondFactor />
      </Card>
      <OwnSessions />
      <Tokens />
      {changing ? <ChangePassword onClose={() => setChanging(false)} /> : null}
    </>
  )
}

function SecondFactor() {
  const { queries } = useApi()
  const cache = useQueryClient()
  const [asked, setAsked] = useState<'on' | 'off'>()
  const state = useQuery(queries.session.totp.queryOptions())
  const changed = (): void => {
    setAsked(undefined)
    void cache.invalidateQueries({ queryKey: queries.session.key() })
    void cache.invalidateQueries({ queryKey: queries.users.key() })
  }
  return (
    <Row label={words.secondFactor} help={words.secondFactorHelp}>
      {state.isError ? (
        <ProblemNote {...problemOf(state.error)} onRetry={() => void state.refetch()} />
      ) : state.data ? (
        <div className="flex items-center gap-3">
          <span className="flex-1">{state.data.on ? words.isOn(count(state.data.recoveryCodes)) : words.isOff}</span>
          <Button onClick={() => setAsked(state.data.on ? 'off' : 'on')}>
            {state.data.on ? words.turnOff : words.setUp}
          </Button>
        </div>
      ) : (
        <SkeletonLines lines={1} />
      )}
      {asked === 'on' ? (
        <Dialog open wide onClose={changed} title={words.setUpTitle}>
          <div className="px-5 pt-2 pb-4">
            <SecondFactorSetUp onDone={changed} />
          </div>
        </Dialog>
      ) : null}
      {asked === 'off' ? <TurnOff onDone={changed} onClose={() => setAsked(undefined)} /> : null}
    </Row>
  )
}

function TurnOff({ onDone, onClose }: { onDone: () => void; onClose: () => void }) {
  const { client } = useApi()
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const end = useMutation({
    mutationFn: () => client.session.totpEnd({ password, code }),
    onSuccess: () => {
      toast.success(words.turnedOff)
      onDone()
    },
  })
  return (
    <FormDialog
      title={words.turnOffTitle}
      submit={words.turnOffGo}
      danger
      ready={password !== '' && code.trim() !== '' && !end.isPending}
      problem={end.error ? problemOf(end.error) : undefined}
      onSubmit={() => end.mutate()}
      onClose={onClose}
    >
      <Field
        label={words.old}
        type="password"
        autoComplete="current-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Field
        label={text.login.code}
        help={text.login.codeHelp}
        mono
        autoComplete="one-time-code"
        value={code}
        onChange={(event) => setCode(event.target.value)}
      />
    </FormDialog>
  )
}

function ChangePassword({ onClose }: { onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [old, setOld] = useState('')
  const [password, setPassword] = useState('')
  const [again, setAgain] = useState('')
  const change = useMutation({
    mutationFn: () => client.users.setPassword({ old, password }),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: queries.session.key() })
      toast.success(words.changed)
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.changeTitle}
      description={words.passwordHelp}
      submit={words.changeGo}
      ready={old !== '' && password.length >= LEAST_PASSWORD && password === again && !change.isPending}
      problem={change.error ? problemOf(change.error) : undefined}
      onSubmit={() => change.mutate()}
      onClose={onClose}
    >
      <Field
        label={words.old}
        type="password"
        autoComplete="current-password"
        value={old}
        onChange={(event) => setOld(event.target.value)}
      />
      <Field
        label={words.new}
        help={words.newHelp}
        type="password"
        autoComplete="new-password"
        value={password}
        onChange={(event) => setPassword(event.target.value)}
      />
      <Field
        label={words.again}
        type="password"
        autoComplete="new-password"
        problem={again !== '' && again !== password ? words.differs : undefined}
        value={again}
        onChange={(event) => setAgain(event.target.value)}
      />
    </FormDialog>
  )
}

function OwnSessions() {
  const { client, queries } = useApi()
  const sessions = useQuery(queries.session.sessions.queryOptions())
  return (
    <>
      <h3 className="section-title mt-6 mb-2">{words.sessions}</h3>
      {sessions.isError ? (
        <ProblemNote {...problemOf(sessions.error)} onRetry={() => void sessions.refetch()} />
      ) : sessions.data ? (
        <Card>
          <SessionTable sessions={sessions.data} end={({ id }) => client.session.endSession({ id })} />
        </Card>
      ) : (
        <SkeletonLines lines={2} />
      )}
    </>
  )
}
