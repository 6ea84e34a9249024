/** Welcome: from nothing to the first message in three steps on one page. Steps that were skipped wait here. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import type { UserView } from '../../../contract/session.ts'
import { useApi } from '../../api.ts'
import { describeRoute } from '../../components/route-form.tsx'
import { text } from '../../text.ts'
import { Brand } from '../../ui/brand.tsx'
import { Button } from '../../ui/button.tsx'
import { CredentialForm, type NewCredential } from './credential.tsx'
import { Step } from './step.tsx'
import { TryIt } from './try-it.tsx'
import { Way } from './way.tsx'
import { You } from './you.tsx'

const words = text.welcome

export interface WelcomeProps {
  /** the one-time token; empty when the link had none */
  token: string
  person: UserView | null
  onClaimed: (token: string) => Promise<void>
}

export function Welcome({ token, person, onClaimed }: WelcomeProps) {
  return (
    <main id="content" className="h-full overflow-y-auto px-6 py-10">
      <div className="mx-auto grid max-w-[680px] grid-cols-[minmax(0,1fr)] gap-3">
        <header className="mb-3 flex items-center gap-3">
          <Brand size={34} />
          <div>
            <h1 className="font-semibold text-xl leading-6 tracking-[-0.02em]">{words.title}</h1>
            <p className="text-dim">{words.lead}</p>
          </div>
          {person ? (
            <Link to="/messages/{-$id}" params={{}} search={{}} className="ml-auto text-dim hover:text-text">
              {words.later}
            </Link>
          ) : null}
        </header>
        <Step
          number={1}
          title={words.you.title}
          help={words.you.help}
          state={person ? 'done' : 'now'}
          summary={person ? words.you.is(person.name, person.email) : undefined}
        >
          {person ? null : <You token={token} onClaimed={onClaimed} />}
        </Step>
        {person?.role === 'admin' ? <Setup /> : <Waiting forAdmin={person !== null} />}
      </div>
    </main>
  )
}

function Waiting({ forAdmin }: { forAdmin: boolean }) {
  return (
    <>
      <Step number={2} title={words.route.title} help={words.route.help} state="later" />
      <Step number={3} title={words.credential.title} help={words.credential.help} state="later" />
      {forAdmin ? <p className="text-center text-dim">{words.route.needAdmin}</p> : null}
    </>
  )
}

function Setup() {
  const { queries } = useApi()
  const routes = useQuery(queries.routes.list.queryOptions())
  const accounts = useQuery(queries.accounts.list.queryOptions())
  const [changing, setChanging] = useState(false)
  const [credential, setCredential] = useState<NewCredential>()
  const [adding, setAdding] = useState(false)
  const chosen = routes.data?.find((rule) => rule.domain === '*')?.route
  const wayDone = chosen !== undefined && !changing
  const known = accounts.data?.length ?? 0
  const form = credential === undefined && (known === 0 || adding)
  return (
    <>
      <Step
        number={2}
        title={words.route.title}
        help={words.route.help}
        state={wayDone ? 'done' : 'now'}
        summary={
          chosen && wayDone ? (
            <span className="inline-flex items-center gap-2">
              {describeRoute(chosen)}
              <Button small onClick={() => setChanging(true)}>
                {words.change}
              </Button>
            </span>
          ) : undefined
        }
      >
        {wayDone || routes.isPending ? null : <Way route={chosen} onDone={() => setChanging(false)} />}
      </Step>
      <Step
        number={3}
        title={words.credential.title}
        help={words.credential.help}
        state={credential ? 'done' : wayDone ? 'now' : 'later'}
        summary={credential ? <span className="mono">{credential.username}</span> : undefined}
      >
        {credential ? <TryIt credential={credential} /> : null}
        {form ? <CredentialForm onDone={setCredential} /> : null}
        {credential === undefined && !form ? (
          <div className="flex items-center justify-between gap-3">
            <p className="text-dim">{words.credential.exists(known)}</p>
            <Button onClick={() => setAdding(true)}>{words.credential.another}</Button>
          </div>
        ) : null}
      </Step>
    </>
  )
}
