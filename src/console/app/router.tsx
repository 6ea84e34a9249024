/** Addresses: every screen and record has one that can be copied and opened again. */

import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  Navigate,
  Outlet,
  redirect,
  useLocation,
  useNavigate,
} from '@tanstack/react-router'
import { useState } from 'react'
import { UserContext, useConnectionState } from '../api.ts'
import { AccountsScreen } from '../features/accounts/screen.tsx'
import { readAccountSearch } from '../features/accounts/search.ts'
import { AuditScreen } from '../features/audit/screen.tsx'
import { readAuditSearch } from '../features/audit/view.ts'
import { CasesScreen } from '../features/cases/screen.tsx'
import { readCaseSearch } from '../features/cases/view.ts'
import { MessagesScreen } from '../features/messages/screen.tsx'
import { OverviewScreen } from '../features/overview/screen.tsx'
import { AccountPage } from '../features/portal/account.tsx'
import { PrivacyPage } from '../features/portal/privacy.tsx'
import { RequestsPage } from '../features/portal/requests.tsx'
import { readPortalRequestSearch } from '../features/portal/view.ts'
import { QueueScreen } from '../features/queue/screen.tsx'
import { readQueueSearch } from '../features/queue/view.ts'
import { LegalRequestsScreen } from '../features/requests/legal-requests.tsx'
import { RequestsScreen } from '../features/requests/screen.tsx'
import { readLegalRequestSearch, readRequestSearch } from '../features/requests/view.ts'
import { RetentionScreen } from '../features/retention/screen.tsx'
import { readRetentionSearch } from '../features/retention/view.ts'
import { SettingsScreen } from '../features/settings/screen.tsx'
import { readSettingsSearch } from '../features/settings/view.ts'
import { Welcome } from '../features/welcome/screen.tsx'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import { Empty } from '../ui/state.tsx'
import { Frame } from './frame.tsx'
import { Join } from './join.tsx'
import { Login } from './login.tsx'
import { PortalFrame } from './member-frame.tsx'
import { screensOf } from './roles.ts'
import { useOpened, useSession } from './session.ts'
import { SetUp } from './set-up.tsx'
import { useFirstToken } from './shell.ts'
import { Starting } from './starting.tsx'

function words(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

const root = createRootRoute({ component: Gate, notFoundComponent: Missing, errorComponent: Broken })

/** Who is there decides what is shown: welcome for the first, login for the unknown, the frame for everybody else. */
function Gate() {
  const session = useSession()
  const opened = useOpened()
  const connection = useConnectionState()
  const { pathname, search } = useLocation()
  const shellToken = useFirstToken()
  const [settingUp, setSettingUp] = useState(false)
  const state = session.data
  if (!state)
    return <Starting message={connection.kind === 'open' ? undefined : connection.message} error={session.error} />
  const { person, firstRun, demo } = state
  const token = words('token' in search ? search.token : undefined) || (shellToken ?? '')
  if (firstRun || (person && pathname === '/welcome')) {
    return (
      <UserContext value={person}>
        <Welcome token={token} person={person} onClaimed={opened} />
      </UserContext>
    )
  }
  // the second factor counts before its recovery codes are read: the page stays until they are
  const mustSetUp = person !== null && (state.mustSetUp || settingUp)
  if (mustSetUp !== settingUp) setSettingUp(mustSetUp)
  if (mustSetUp) return <SetUp onDone={() => setSettingUp(false)} />
  if (person?.role === 'member') return <PortalFrame person={person} demo={demo} />
  if (person) return <Frame person={person} demo={demo} />
  return pathname === '/join' && token !== '' ? <Join token={token} onJoined={opened} /> : <Login />
}

const home = createRoute({
  getParentRoute: () => root,
  path: '/',
  component: Home,
})

/** The first screen of the role; work goes before the overview. */
function Home() {
  const { data } = useSession()
  const first = data?.person && screensOf(data.person.role).find((screen) => screen !== 'overview')
  if (first === 'messages' || data?.person?.role === 'member')
    return <Navigate to="/messages/{-$id}" params={{}} search={{}} replace />
  if (first === 'review') return <Navigate to="/review/{-$id}" params={{}} search={{}} replace />
  if (first === 'accounts') return <Navigate to="/accounts/{-$name}" params={{}} replace />
  if (first === 'retention') return <Navigate to="/retention/{-$view}/{-$id}" params={{}} search={{}} replace />
  return <Navigate to="/settings/{-$section}" params={{}} replace />
}

const welcome = createRoute({
  getParentRoute: () => root,
  path: '/welcome',
  validateSearch: (raw: Record<string, unknown>): { token?: string } =>
    words(raw.token) ? { token: words(raw.token) } : {},
  component: Outlet,
})

/** An invitation; who is logged in already has no use for one. */
const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  validateSearch: (raw: Record<string, unknown>): { token?: string } =>
    words(raw.token) ? { token: words(raw.token) } : {},
  component: Home,
})

const overview = createRoute({ getParentRoute: () => root, path: '/overview', component: OverviewScreen })

const messages = createRoute({
  getParentRoute: () => root,
  path: '/messages/{-$id}',
  validateSearch: (raw: Record<string, unknown>): { q?: string } => (words(raw.q) ? { q: words(raw.q) } : {}),
  component: MessagesScreen,
})

const queue = createRoute({
  getParentRoute: () => root,
  path: '/queue',
  validateSearch: readQueueSearch,
  component: QueueScreen,
})

const review = createRoute({
  getParentRoute: () => root,
  path: '/review/{-$id}',
  validateSearch: readCaseSearch,
  component: CasesScreen,
})

const accounts = createRoute({
  getParentRoute: () => root,
  path: '/accounts/{-$name}',
  validateSearch: readAccountSearch,
  component: AccountsScreen,
})

const requests = createRoute({
  getParentRoute: () => root,
  path: '/requests/{-$id}',
  validateSearch: readRequestSearch,
  component: RequestsScreen,
})

const legalRequests = createRoute({
  getParentRoute: () => root,
  path: '/requests/disclosures/{-$id}',
  validateSearch: readLegalRequestSearch,
  component: LegalRequestsScreen,
})

const retention = createRoute({
  getParentRoute: () => root,
  path: '/retention/{-$view}/{-$id}',
  validateSearch: readRetentionSearch,
  component: RetentionScreen,
})

const audit = createRoute({
  getParentRoute: () => root,
  path: '/audit/{-$row}',
  validateSearch: readAuditSearch,
  component: AuditScreen,
})

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings/{-$section}',
  validateSearch: readSettingsSearch,
  component: SettingsScreen,
})

/** The account holder's panel; staff have nothing there. */
function forMembers(Page: () => React.ReactNode) {
  return function Guarded() {
    return useSession().data?.person?.role === 'member' ? <Page /> : <Missing />
  }
}

const ownAccount = createRoute({
  getParentRoute: () => root,
  path: '/own/account',
  component: forMembers(AccountPage),
})

const ownRequests = createRoute({
  getParentRoute: () => root,
  path: '/own/requests/{-$id}',
  validateSearch: readPortalRequestSearch,
  component: forMembers(RequestsPage),
})

const ownPrivacy = createRoute({
  getParentRoute: () => root,
  path: '/own/privacy',
  component: forMembers(PrivacyPage),
})

const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  beforeLoad: () => {
    throw redirect({ to: '/' })
  },
})

function Missing() {
  const navigate = useNavigate()
  return (
    <Empty title={text.errors.notFoundPage}>
      <Button onClick={() => void navigate({ to: '/' })}>{text.common.back}</Button>
    </Empty>
  )
}

function Broken() {
  return (
    <Empty title={text.errors.screen} help={text.errors.screenChange}>
      <Button onClick={() => location.reload()}>{text.errors.reload}</Button>
    </Empty>
  )
}

/** Plain `key=value`, so that an address can be read and written by hand. */
function parseSearch(written: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(written))
}

function stringifySearch(search: Record<string, unknown>): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== '')
  const written = new URLSearchParams(pairs.map(([key, value]) => [key, String(value)])).toString()
  return written ? `?${written}` : ''
}

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    welcome,
    join,
    overview,
    messages,
    queue,
    review,
    accounts,
    requests,
    legalRequests,
    retention,
    audit,
    settings,
    ownAccount,
    ownRequests,
    ownPrivacy,
    login,
  ]),
  history: createHashHistory(),
  parseSearch,
  stringifySearch,
  defaultPreload: false,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
