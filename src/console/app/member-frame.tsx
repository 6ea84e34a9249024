/** The frame around the account holder's panel: few places, on a phone at the bottom. */

import { Link, Outlet, useLocation, useNavigate } from '@tanstack/react-router'
import { Inbox, Mail, Settings, ShieldCheck, UserRound } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { UserContext, useConnectionState } from '../api.ts'
import { text } from '../text.ts'
import { Brand } from '../ui/brand.tsx'
import { Button } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useKeys } from '../ui/keys.ts'
import { useNarrow } from '../ui/narrow.ts'
import { Empty } from '../ui/state.tsx'
import { ConnectionLine, type FrameProps } from './frame.tsx'
import { Keys } from './key-list.tsx'
import { StateDot, UserMenu } from './sidebar.tsx'

const words = text.panel.nav

const places = ['messages', 'account', 'requests', 'privacy', 'settings'] as const
type Place = (typeof places)[number]

const icons: Record<Place, ReactNode> = {
  messages: <Mail size={16} strokeWidth={1.7} />,
  account: <UserRound size={16} strokeWidth={1.7} />,
  requests: <Inbox size={16} strokeWidth={1.7} />,
  privacy: <ShieldCheck size={16} strokeWidth={1.7} />,
  settings: <Settings size={16} strokeWidth={1.7} />,
}

const targets = {
  messages: { to: '/messages/{-$id}', params: {}, search: {} },
  account: { to: '/own/account' },
  requests: { to: '/own/requests/{-$id}', params: {}, search: {} },
  privacy: { to: '/own/privacy' },
  settings: { to: '/settings/{-$section}', params: {} },
} as const

const keys: Record<Place, string> = { messages: 'm', account: 'a', requests: 'r', privacy: 'p', settings: 's' }

/** Addresses of the panel; any other belongs to staff. */
const mine = /^\/($|messages|own|settings|join)/

export function PortalFrame({ person, demo }: FrameProps) {
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const narrow = useNarrow()
  const [help, setHelp] = useState(false)
  const go = (place: Place) => () => void navigate(targets[place])
  useKeys(
    {
      '?': () => setHelp(true),
      '/': go('messages'),
      ...Object.fromEntries(places.map((place) => [`g ${keys[place]}`, go(place)])),
    },
    true,
  )
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
        {narrow ? (
          <header className="flex h-11 shrink-0 items-center gap-2 border-line border-b bg-bg pr-1.5 pl-3.5">
            <Brand size={18} />
            <span className="min-w-0 flex-1 truncate font-[650] tracking-[-0.01em]">{person.account}</span>
            <div className="grid w-10">
              <UserMenu person={person} collapsed onKeys={() => setHelp(true)} />
            </div>
          </header>
        ) : null}
        <div className="flex min-h-0 flex-1">
          {narrow ? null : <Side person={person} onKeys={() => setHelp(true)} />}
          <div className="flex min-w-0 flex-1 flex-col">
            <ConnectionLine />
            <main id="content" tabIndex={-1} className="flex min-h-0 flex-1 flex-col outline-none">
              {mine.test(pathname) ? <Outlet /> : <Elsewhere onBack={go('messages')} />}
            </main>
          </div>
        </div>
        {narrow ? <Bottom /> : null}
      </div>
      <PortalKeys open={help} onClose={() => setHelp(false)} />
    </UserContext>
  )
}

/** Pages of the staff. */
function Elsewhere({ onBack }: { onBack: () => void }) {
  return (
    <>
      <h1 className="sr-only">{text.errors.notFoundPage}</h1>
      <Empty title={text.errors.notFoundPage}>
        <Button onClick={onBack}>{text.common.back}</Button>
      </Empty>
    </>
  )
}

function Side({ person, onKeys }: Pick<FrameProps, 'person'> & { onKeys: () => void }) {
  const open = useConnectionState().kind === 'open'
  return (
    <nav
      aria-label={text.nav.label}
      className="flex w-[204px] shrink-0 flex-col gap-px border-line border-r px-2 py-2.5"
    >
      <div className="flex items-center gap-2 px-2 pt-1 pb-1">
        <Brand size={18} />
        <span className="font-[650] tracking-[-0.01em]">{text.product}</span>
      </div>
      <div className="truncate px-2 pb-3 text-dim text-sm">{text.panel.of(person.account ?? '')}</div>
      {places.map((place) => (
        <Link
          key={place}
          {...targets[place]}
          activeOptions={{ includeSearch: false }}
          className={classes(
            'flex h-[29px] items-center gap-[9px] rounded-md px-2 text-dim hover:bg-row-hover hover:text-text',
            'data-[status=active]:bg-accent-soft data-[status=active]:font-[550] data-[status=active]:text-text data-[status=active]:[&>svg]:text-accent',
          )}
        >
          {icons[place]}
          {words[place]}
        </Link>
      ))}
      <div className="mt-auto grid gap-1 border-line border-t pt-2">
        <div className="flex items-center gap-1.5 px-2 py-0.5 text-dim text-sm">
          <StateDot open={open} />
          {open ? text.nav.running : text.nav.reconnecting}
        </div>
        <UserMenu person={person} collapsed={false} onKeys={onKeys} />
      </div>
    </nav>
  )
}

function Bottom() {
  return (
    <nav
      aria-label={text.nav.label}
      className="grid shrink-0 grid-cols-5 border-line border-t bg-panel pb-[env(safe-area-inset-bottom)]"
    >
      {places.map((place) => (
        <Link
          key={place}
          {...targets[place]}
          activeOptions={{ includeSearch: false }}
          className={classes(
            'grid h-[54px] content-center justify-items-center gap-0.5 text-dim text-xs',
            'data-[status=active]:font-semibold data-[status=active]:text-accent focus-visible:outline-offset-[-2px]',
          )}
        >
          {icons[place]}
          <span className="max-w-full truncate px-0.5">{words[place]}</span>
        </Link>
      ))}
    </nav>
  )
}

function PortalKeys({ open, onClose }: { open: boolean; onClose: () => void }) {
  const list = text.keys
  const anywhere: [string[], string][] = [
    [['/'], list.search],
    ...places.map((place): [string[], string] => [['g', keys[place]], words[place]]),
    [['?'], list.help],
  ]
  const inLists: [string[], string][] = [
    [['j', '↓'], list.next],
    [['k', '↑'], list.previous],
    [['Enter'], list.open],
    [['Esc'], list.close],
    [['l'], text.panel.messages.refresh],
  ]
  return (
    <Dialog open={open} onClose={onClose} title={list.title} wide>
      <div className="grid gap-8 px-5 pt-2 pb-5 md:grid-cols-2">
        <Keys title={list.anywhere} keys={anywhere} />
        <Keys title={list.lists} keys={inLists} />
      </div>
    </Dialog>
  )
}
