/** The sidebar: where one can go, counts only where somebody must act, the relay's state, the person. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import {
  CalendarClock,
  ChevronsLeft,
  ChevronsRight,
  Gauge,
  Inbox,
  Keyboard,
  ListTree,
  LogOut,
  Mail,
  ScrollText,
  Search,
  Settings,
  Shield,
  Unplug,
  UserRound,
  UsersRound,
} from 'lucide-react'
import { type ReactNode, useState } from 'react'
import { toast } from 'sonner'
import type { UserView } from '../../contract/session.ts'
import type { StatusReport } from '../../contract/status.ts'
import { problemOf, useApi, useConnectionState, useUser } from '../api.ts'
import { count, duration, rate } from '../format.ts'
import { text } from '../text.ts'
import { Brand } from '../ui/brand.tsx'
import { IconButton } from '../ui/button.tsx'
import { classes } from '../ui/classes.ts'
import { Hint } from '../ui/hint.tsx'
import { Key } from '../ui/key.tsx'
import { modifier } from '../ui/keys.ts'
import { Menu, MenuChoice, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'
import { useStored } from '../ui/stored.ts'
import { themes, useTheme } from '../ui/theme.ts'
import { Alarm } from './alarm.tsx'
import { ConnectDialog } from './connect-dialog.tsx'
import type { Screen } from './roles.ts'
import { useLogout } from './session.ts'

const words = text.nav

/** A delivery this old means that somebody should look. */
const STUCK_SECONDS = 4 * 3600

function isBoolean(value: unknown): value is boolean {
  return typeof value === 'boolean'
}

/** Whether the sidebar is collapsed, and how to change it. */
export function useSidebar(): { collapsed: boolean; toggle: () => void } {
  const [collapsed, setCollapsed] = useStored('sidebar-collapsed', false, isBoolean)
  return { collapsed, toggle: () => setCollapsed(!collapsed) }
}

const icons: Record<Screen, ReactNode> = {
  overview: <Gauge size={15} strokeWidth={1.7} />,
  messages: <Mail size={15} strokeWidth={1.7} />,
  queue: <ListTree size={15} strokeWidth={1.7} />,
  review: <Shield size={15} strokeWidth={1.7} />,
  accounts: <UsersRound size={15} strokeWidth={1.7} />,
  requests: <Inbox size={15} strokeWidth={1.7} />,
  retention: <CalendarClock size={15} strokeWidth={1.7} />,
  audit: <ScrollText size={15} strokeWidth={1.7} />,
  settings: <Settings size={15} strokeWidth={1.7} />,
}

const targets = {
  overview: { to: '/overview' },
  messages: { to: '/messages/{-$id}', params: { id: undefined }, search: {} },
  queue: { to: '/queue', search: {} },
  review: { to: '/review/{-$id}', params: { id: undefined }, search: {} },
  accounts: { to: '/accounts/{-$name}', params: { name: undefined } },
  requests: { to: '/requests/{-$id}', params: { id: undefined }, search: {} },
  retention: { to: '/retention/{-$view}/{-$id}', params: { view: undefined, id: undefined }, search: {} },
  audit: { to: '/audit/{-$row}', params: { row: undefined }, search: {} },
  settings: { to: '/settings/{-$section}', params: { section: undefined } },
} as const

export interface SidebarProps {
  person: UserView
  screens: readonly Screen[]
  collapsed: boolean
  onToggle: () => void
  onPalette: () => void
  onKeys: () => void
}

export function Sidebar(props: SidebarProps) {
  const { collapsed, screens } = props
  const { queries } = useApi()
  const status = useQuery(queries.status.get.queryOptions())
  return (
    <nav
      aria-label={words.label}
      className={classes(
        'flex shrink-0 flex-col gap-px border-line border-r px-2 py-2.5',
        collapsed ? 'w-[50px]' : 'w-[204px]',
      )}
    >
      <div className={classes('flex items-center gap-2 px-2 pt-1 pb-3', collapsed && 'justify-center px-0')}>
        <Brand size={18} />
        {collapsed ? null : (
          <>
            <span className="font-[650] tracking-[-0.01em]">{text.product}</span>
            <IconButton label={words.collapse} onClick={props.onToggle} className="-mr-1.5 ml-auto">
              <ChevronsLeft size={14} />
            </IconButton>
          </>
        )}
      </div>
      <Hint text={words.palette} shortcut={`${modifier} K`} side="right">
        <button
          type="button"
          aria-label={words.palette}
          onClick={props.onPalette}
          className={classes(
            'mb-2 flex h-[30px] items-center gap-2 rounded-md border border-line bg-panel text-faint hover:border-line-strong/60 hover:text-dim',
            collapsed ? 'justify-center' : 'px-2',
          )}
        >
          <Search size={14} />
          {collapsed ? null : (
            <>
              <span className="truncate">{text.palette.short}</span>
              <span className="ml-auto shrink-0">
                <Key>{modifier} K</Key>
              </span>
            </>
          )}
        </button>
      </Hint>
      {screens.map((screen) => (
        <NavLink
          key={screen}
          screen={screen}
          collapsed={collapsed}
          badge={<ScreenBadge screen={screen} status={status.data} collapsed={collapsed} />}
        />
      ))}
      <Foot {...props} status={status.data} />
    </nav>
  )
}

interface NavLinkProps {
  screen: Screen
  collapsed: boolean
  badge: ReactNode
}

function NavLink({ screen, collapsed, badge }: NavLinkProps) {
  const link = (
    <Link
      {...targets[screen]}
      activeOptions={{ includeSearch: false }}
      aria-label={collapsed ? words[screen] : undefined}
      className={classes(
        'relative flex h-[29px] items-center gap-[9px] rounded-md text-dim hover:bg-row-hover hover:text-text',
        'data-[status=active]:bg-accent-soft data-[status=active]:font-[550] data-[status=active]:text-text data-[status=active]:[&>svg]:text-accent',
        collapsed ? 'justify-center' : 'px-2',
      )}
    >
      {icons[screen]}
      {collapsed ? null : <span className="shrink-0">{words[screen]}</span>}
      {badge}
    </Link>
  )
  return collapsed ? (
    <Hint text={words[screen]} side="right">
      {link}
    </Hint>
  ) : (
    link
  )
}

interface BadgeProps {
  status: StatusReport | undefined
  collapsed: boolean
}

/** What is to be done on a screen, if anything. */
function ScreenBadge({ screen, status, collapsed }: BadgeProps & { screen: Screen }) {
  if (screen === 'review') return <CasesBadge collapsed={collapsed} />
  if (screen === 'queue') return <QueueBadge status={status} collapsed={collapsed} />
  if (screen === 'requests') return <RequestsBadge status={status} collapsed={collapsed} />
  const notices = screen === 'settings' ? (status?.notices.length ?? 0) : 0
  return notices > 0 ? <Badge collapsed={collapsed} words={words.notices(notices)} /> : null
}

function Badge({ words: what, title, collapsed }: { words: string; title?: string | undefined; collapsed: boolean }) {
  if (collapsed) return <span aria-hidden className="absolute top-1 right-1.5 size-1.5 rounded-full bg-amber" />
  return (
    <span
      title={title}
      className="num ml-auto min-w-0 truncate rounded-full bg-wait-s px-1.5 font-semibold text-wait text-xs"
    >
      {what}
    </span>
  )
}

const DESK_MS = 15_000

/** Openings that wait for this person's approval; else the cases somebody has to work on. */
function CasesBadge({ collapsed }: { collapsed: boolean }) {
  const { queries } = useApi()
  const { email, role } = useUser()
  const { data } = useQuery(queries.cases.desk.queryOptions({ refetchInterval: DESK_MS }))
  if (!data) return null
  const mine = data.openings.filter((one) => one.state === 'requested' && one.needsSecond && one.requestedBy !== email)
  const { badge } = text.review
  if (role !== 'auditor' && mine.length > 0)
    return <Badge collapsed={collapsed} words={badge.approve(mine.length)} title={badge.cases(data.active)} />
  if (data.active === 0) return null
  return <Badge collapsed={collapsed} words={count(data.active)} title={badge.cases(data.active)} />
}

/** Requests that are due within days, or should have been answered. */
function RequestsBadge({ status, collapsed }: BadgeProps) {
  if (!status) return null
  const { open, dueSoon, overdue } = status.requests
  const { badge } = text.requests
  const title = badge.help(count(open))
  if (overdue > 0) return <Badge collapsed={collapsed} words={badge.overdue(count(overdue))} title={title} />
  if (dueSoon > 0) return <Badge collapsed={collapsed} words={badge.due(count(dueSoon))} title={title} />
  return null
}

/** Shown only when somebody must act: deliveries in doubt, or an old one that does not move. */
function QueueBadge({ status, collapsed }: BadgeProps) {
  if (!status) return null
  const { inDoubt, oldestSeconds } = status.queue
  if (inDoubt > 0) return <Badge collapsed={collapsed} words={words.inDoubt(count(inDoubt))} />
  if (oldestSeconds < STUCK_SECONDS) return null
  return <Badge collapsed={collapsed} words={words.stuck(duration(oldestSeconds, 1))} title={words.stuckHelp} />
}

function Foot({
  person,
  screens,
  collapsed,
  onToggle,
  onKeys,
  status,
}: SidebarProps & { status: StatusReport | undefined }) {
  const connection = useConnectionState()
  const open = connection.kind === 'open'
  const state = open ? words.running : words.reconnecting
  const flow = status && open ? words.rate(rate(status.rate.in), rate(status.rate.out)) : text.common.dash
  return (
    <div className="mt-auto grid gap-1 border-line border-t pt-2">
      {open && screens.includes('retention') ? (
        <Alarm alarms={status?.retention.alarms ?? []} collapsed={collapsed} />
      ) : null}
      {collapsed ? (
        <>
          <Hint text={`${state}. ${flow}`} side="right">
            <button type="button" aria-label={`${state}. ${flow}`} className="grid h-6 place-items-center rounded-md">
              <StateDot open={open} />
            </button>
          </Hint>
          <IconButton label={words.expand} onClick={onToggle} className="justify-self-center">
            <ChevronsRight size={14} />
          </IconButton>
        </>
      ) : (
        <div className="num px-2 py-0.5 text-dim text-sm">
          <div className="flex items-center gap-1.5">
            <StateDot open={open} />
            {state}
          </div>
          <div className="text-faint">{flow}</div>
        </div>
      )}
      <UserMenu person={person} collapsed={collapsed} onKeys={onKeys} />
    </div>
  )
}

export function StateDot({ open }: { open: boolean }) {
  return (
    <span
      aria-hidden
      className={classes('inline-block size-[7px] rounded-full', open ? 'bg-ok' : 'animate-pulse bg-wait')}
    />
  )
}

interface UserMenuProps {
  person: UserView
  collapsed: boolean
  onKeys: () => void
}

export function UserMenu({ person, collapsed, onKeys }: UserMenuProps) {
  const [theme, setTheme] = useTheme()
  const [connecting, setConnecting] = useState(false)
  const logout = useLogout()
  const name = person.name || person.email
  return (
    <>
      <Menu
        side="top"
        trigger={
          <button
            type="button"
            aria-label={`${words.person}: ${name}, ${text.role[person.role]}`}
            className={classes(
              'flex h-8 min-w-0 items-center gap-2 rounded-md text-left text-dim hover:bg-row-hover hover:text-text',
              collapsed ? 'justify-center' : 'px-2',
            )}
          >
            <UserRound size={15} strokeWidth={1.7} className="shrink-0" />
            {collapsed ? null : (
              <span className="min-w-0 truncate">
                {name} <span className="text-faint">· {text.role[person.role]}</span>
              </span>
            )}
          </button>
        }
      >
        <MenuLabel>{person.email}</MenuLabel>
        <MenuLine />
        <MenuLabel>{words.theme}</MenuLabel>
        <MenuChoice
          label={words.theme}
          value={theme}
          onChange={setTheme}
          options={themes.map((value) => ({ value, label: text.theme[value] }))}
        />
        <MenuLine />
        <MenuItem icon={<Keyboard size={14} />} end={<Key>?</Key>} onClick={onKeys}>
          {words.keys}
        </MenuItem>
        {window.mailward ? (
          <MenuItem icon={<Unplug size={14} />} onClick={() => setConnecting(true)}>
            {words.connect}
          </MenuItem>
        ) : null}
        <MenuItem
          icon={<LogOut size={14} />}
          onClick={() => void logout().catch((error: unknown) => toast.error(problemOf(error).what))}
        >
          {words.logout}
        </MenuItem>
      </Menu>
      {connecting ? <ConnectDialog onClose={() => setConnecting(false)} /> : null}
    </>
  )
}
