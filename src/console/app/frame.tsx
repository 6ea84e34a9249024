/** The frame around every screen: sidebar, connection, demo ribbon, commands and keys. */

import { useQueryClient } from '@tanstack/react-query'
import { Outlet, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import type { UserView } from '../../contract/session.ts'
import { UserContext, useApi, useConnectionState, useStream } from '../api.ts'
import { recordRate } from '../components/rate-history.ts'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { type KeyMap, useKeys } from '../ui/keys.ts'
import { KeyList } from './key-list.tsx'
import { Palette } from './palette.tsx'
import { screenKeys, screensOf } from './roles.ts'
import { Sidebar, useSidebar } from './sidebar.tsx'

export interface FrameProps {
  person: UserView
  demo: boolean
}

export function Frame({ person, demo }: FrameProps) {
  const navigate = useNavigate()
  const [palette, setPalette] = useState(false)
  const [keys, setKeys] = useState(false)
  const sidebar = useSidebar()
  const seen = screensOf(person.role)
  useWatchedStatus()

  const go = {
    overview: () => void navigate({ to: '/overview' }),
    messages: () => void navigate({ to: '/messages/{-$id}', params: { id: undefined }, search: {} }),
    queue: () => void navigate({ to: '/queue', search: {} }),
    review: () => void navigate({ to: '/review/{-$id}', params: { id: undefined }, search: {} }),
    accounts: () => void navigate({ to: '/accounts/{-$name}', params: { name: undefined } }),
    requests: () => void navigate({ to: '/requests/{-$id}', params: { id: undefined }, search: {} }),
    retention: () =>
      void navigate({ to: '/retention/{-$view}/{-$id}', params: { view: undefined, id: undefined }, search: {} }),
    audit: () => void navigate({ to: '/audit/{-$row}', params: { row: undefined }, search: {} }),
    settings: () => void navigate({ to: '/settings/{-$section}', params: { section: undefined } }),
  }
  const keyMap: KeyMap = {
    'mod+k': () => setPalette(true),
    'mod+b': sidebar.toggle,
    '?': () => setKeys(true),
    '/': go.messages,
    ...Object.fromEntries(seen.map((screen) => [`g ${screenKeys[screen]}`, go[screen]])),
  }
  useKeys(keyMap, true)

  return (
    <UserContext value={person}>
      <button
        type="button"
        onClick={() => document.getElementById('content')?.focus()}
        className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-raised focus:px-3 focus:py-1.5"
      >
        {text.nav.skip}
      </button>
      <div className="flex h-full flex-col">
        {demo ? (
          <div role="note" className="border-line border-b bg-wait-s px-4 py-1 text-center text-sm text-wait">
            {text.nav.demo}
          </div>
        ) : null}
        <div className="flex min-h-0 flex-1">
          <Sidebar
            person={person}
            screens={seen}
            collapsed={sidebar.collapsed}
            onToggle={sidebar.toggle}
            onPalette={() => setPalette(true)}
            onKeys={() => setKeys(true)}
          />
          <div className="flex min-w-0 flex-1 flex-col">
            <ConnectionLine />
            <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
              <Outlet />
            </main>
          </div>
        </div>
      </div>
      <Palette open={palette} onClose={() => setPalette(false)} go={go} screens={seen} onKeys={() => setKeys(true)} />
      <KeyList open={keys} onClose={() => setKeys(false)} screens={seen} />
    </UserContext>
  )
}

/** Follows the relay's state once for all screens. */
function useWatchedStatus(): void {
  const { queries } = useApi()
  const cache = useQueryClient()
  useStream(
    'status',
    (client, signal) => client.status.watch(undefined, { signal }),
    (report) => {
      recordRate(report)
      cache.setQueryData(queries.status.get.queryKey(), report)
    },
  )
}

/** Says that the connection is lost, without taking anything away from the reader. */
export function ConnectionLine() {
  const { connection } = useApi()
  const state = useConnectionState()
  return (
    <div role="status">
      {state.kind === 'open' ? null : (
        <div className="flex items-center gap-2 border-line border-b bg-wait-s px-4 py-1.5">
          <span aria-hidden className="size-[7px] animate-pulse rounded-full bg-wait" />
          <span>{state.message ?? (state.kind === 'lost' ? text.connection.lost : text.connection.connecting)}</span>
          <span className="text-dim">{text.connection.showing}</span>
          <Button small className="ml-auto" onClick={() => connection.redial()}>
            {text.connection.again}
          </Button>
        </div>
      )}
    </div>
  )
}
