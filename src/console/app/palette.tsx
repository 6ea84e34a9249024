/** The command palette: screens, accounts, saved filters, a message by its id, a search, and actions. */

import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Command } from 'cmdk'
import {
  Bookmark,
  CalendarClock,
  Gauge,
  Inbox,
  Keyboard,
  ListTree,
  LogOut,
  Mail,
  Moon,
  ScrollText,
  Search,
  Settings,
  Shield,
  Sun,
  UsersRound,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { AccountView } from '../../contract/accounts.ts'
import { parseId } from '../../model/id.ts'
import { useApi, useUser } from '../api.ts'
import { useSavedFilters } from '../components/saved-filters.ts'
import { text } from '../text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { useTheme } from '../ui/theme.ts'
import { ordersOf } from './orders.ts'
import type { Screen } from './roles.ts'
import { useLogout } from './session.ts'

const words = text.palette

const MOST_ACCOUNTS = 20

const icons: Record<Screen, ReactNode> = {
  overview: <Gauge size={14} />,
  messages: <Mail size={14} />,
  queue: <ListTree size={14} />,
  review: <Shield size={14} />,
  accounts: <UsersRound size={14} />,
  requests: <Inbox size={14} />,
  retention: <CalendarClock size={14} />,
  audit: <ScrollText size={14} />,
  settings: <Settings size={14} />,
}

export interface PaletteProps {
  open: boolean
  onClose: () => void
  go: Record<Screen, () => void>
  screens: readonly Screen[]
  onKeys: () => void
}

export function Palette(props: PaletteProps) {
  return (
    <Dialog open={props.open} onClose={props.onClose} title={words.title} titleHidden wide>
      <Commands {...props} />
    </Dialog>
  )
}

function quoted(written: string): string {
  return /\s/.test(written) ? `"${written.replaceAll('"', '')}"` : written
}

/** Accounts whose name or domain holds the term, not more than can be looked through: of thousands the list would lag. */
function accountsNamed(accounts: readonly AccountView[], term: string): AccountView[] {
  const wanted = term.toLowerCase()
  return accounts
    .filter(({ name, domains }) => [name, ...domains].some((each) => each.includes(wanted)))
    .slice(0, MOST_ACCOUNTS)
}

function Commands({ onClose, go, screens, onKeys }: PaletteProps) {
  const { queries } = useApi()
  const { role } = useUser()
  const navigate = useNavigate()
  const [written, setWritten] = useState('')
  const [saved] = useSavedFilters()
  const [theme, setTheme] = useTheme()
  const logout = useLogout()
  const maySee = screens.includes('accounts')
  const maySearch = screens.includes('messages')
  const accounts = useQuery(
    queries.accounts.list.queryOptions({ enabled: maySee && (role === 'admin' || role === 'operator') }),
  )
  const id = parseId(written) === undefined ? undefined : written.trim().toUpperCase()
  const term = written.trim()
  const named = accountsNamed(accounts.data ?? [], term)

  const run = (act: () => void) => () => {
    onClose()
    act()
  }
  const search = (q: string): void =>
    void navigate({ to: '/messages/{-$id}', params: { id: undefined }, search: q ? { q } : {} })
  const item = (value: string, icon: ReactNode, label: string, act: () => void, always = false) => (
    <Command.Item key={value} value={value} forceMount={always} onSelect={run(act)} className="menu-item h-8">
      <span className="text-faint">{icon}</span>
      <span className="truncate">{label}</span>
    </Command.Item>
  )
  const group =
    'py-1 [&_[cmdk-group-heading]]:px-3.5 [&_[cmdk-group-heading]]:pb-0.5 [&_[cmdk-group-heading]]:text-faint [&_[cmdk-group-heading]]:text-sm'

  return (
    <Command label={words.title} loop>
      <Command.Input
        autoFocus
        value={written}
        onValueChange={setWritten}
        placeholder={words.placeholder}
        className="h-11 w-full border-line border-b bg-transparent px-4 text-lg outline-none"
      />
      <Command.List className="max-h-[46vh] overflow-y-auto py-1" label={words.title}>
        <Command.Empty className="px-4 py-3 text-dim">{words.empty}</Command.Empty>
        {id && maySearch ? (
          <Command.Group forceMount className={group}>
            {item(
              `message ${id}`,
              <Mail size={14} />,
              words.openMessage(id),
              () => void navigate({ to: '/messages/{-$id}', params: { id }, search: {} }),
              true,
            )}
          </Command.Group>
        ) : null}
        <Command.Group heading={words.screens} className={group}>
          {screens.map((screen) => item(text.nav[screen], icons[screen], text.nav[screen], go[screen]))}
        </Command.Group>
        {maySearch && saved.length > 0 ? (
          <Command.Group heading={words.saved} className={group}>
            {saved.map((filter) =>
              item(`${filter.name} ${filter.written}`, <Bookmark size={14} />, filter.name, () =>
                search(filter.written),
              ),
            )}
          </Command.Group>
        ) : null}
        {named.length > 0 ? (
          <Command.Group heading={words.accounts} className={group}>
            {named.map((account) =>
              item(
                `${account.name} ${account.domains.join(' ')}`,
                <UsersRound size={14} />,
                account.name,
                () => void navigate({ to: '/accounts/{-$name}', params: { name: account.name } }),
              ),
            )}
          </Command.Group>
        ) : null}
        <Command.Group heading={words.actions} className={group}>
          {ordersOf(role).map(({ screen, words: label, address }) =>
            item(`${text.nav[screen]} ${label}`, icons[screen], label, () => void navigate(address)),
          )}
          {theme === 'dark'
            ? item('theme light', <Sun size={14} />, `${text.nav.theme}: ${text.theme.light}`, () => setTheme('light'))
            : item('theme dark', <Moon size={14} />, `${text.nav.theme}: ${text.theme.dark}`, () => setTheme('dark'))}
          {item('keyboard shortcuts', <Keyboard size={14} />, text.nav.keys, onKeys)}
          {item('log out', <LogOut size={14} />, text.nav.logout, () => void logout())}
        </Command.Group>
        {maySearch && term !== '' ? (
          <Command.Group heading={words.search} forceMount className={group}>
            {item(`search ${term}`, <Search size={14} />, words.searchFor(term), () => search(term), true)}
            {item(
              `from ${term}`,
              <Search size={14} />,
              words.searchFrom(term),
              () => search(`from:${quoted(term)}`),
              true,
            )}
            {item(`to ${term}`, <Search size={14} />, words.searchTo(term), () => search(`to:${quoted(term)}`), true)}
          </Command.Group>
        ) : null}
      </Command.List>
    </Command>
  )
}
