/** Settings: routes, the relay, policy, consents, sharing, your account, people, keys, backups, appearance, about. What a role may not see is not there. */

import { Link, useParams } from '@tanstack/react-router'
import type { Role } from '../../../model/user.ts'
import { useUser } from '../../api.ts'
import { text } from '../../text.ts'
import { classes } from '../../ui/classes.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { About } from './about.tsx'
import { Account } from './account.tsx'
import { Appearance } from './appearance.tsx'
import { Backups } from './backups.tsx'
import { Consents } from './consents/consents.tsx'
import { Keys } from './keys.tsx'
import { Policy } from './policy.tsx'
import { Relay } from './relay.tsx'
import { Requests } from './requests.tsx'
import { Review } from './review.tsx'
import { Routes } from './routes.tsx'
import { Sharing } from './sharing.tsx'
import { UserStore } from './users.tsx'

const sections = [
  'routes',
  'relay',
  'policy',
  'consents',
  'sharing',
  'review',
  'requests',
  'account',
  'users',
  'keys',
  'backups',
  'appearance',
  'about',
] as const
type Section = (typeof sections)[number]

const bodies: Record<Section, () => React.ReactNode> = {
  routes: Routes,
  relay: Relay,
  policy: Policy,
  consents: Consents,
  sharing: Sharing,
  review: Review,
  requests: Requests,
  account: Account,
  users: UserStore,
  keys: Keys,
  backups: Backups,
  appearance: Appearance,
  about: About,
}

const seen: Partial<Record<Section, readonly Role[]>> = {
  routes: ['admin', 'operator', 'auditor'],
  relay: ['admin', 'operator', 'reviewer', 'auditor'],
  policy: ['admin', 'operator', 'reviewer', 'auditor'],
  consents: ['admin', 'reviewer', 'auditor'],
  sharing: ['admin', 'operator', 'reviewer', 'auditor'],
  review: ['admin', 'reviewer', 'auditor'],
  requests: ['admin', 'reviewer', 'auditor'],
  users: ['admin', 'auditor'],
  keys: ['admin', 'auditor'],
  backups: ['admin', 'auditor'],
  about: ['admin', 'operator', 'reviewer', 'auditor'],
}

/** sections that are tables of many columns, or text to be read */
const wide: ReadonlySet<Section> = new Set(['policy', 'consents', 'sharing'])

export function SettingsScreen() {
  const { role } = useUser()
  const { section } = useParams({ from: '/settings/{-$section}' })
  const mine = sections.filter((each) => seen[each]?.includes(role) ?? true)
  const current = mine.find((each) => each === section) ?? mine[0]!
  const Body = bodies[current]
  return (
    <div className="flex min-h-0 flex-1 max-md:flex-col">
      <nav
        aria-label={text.settings.title}
        className="flex shrink-0 flex-wrap items-center border-line px-2 py-2 max-md:border-b md:block md:w-44 md:border-r md:py-3"
      >
        <h1 className="px-2 font-semibold max-md:mr-auto md:pb-2">{text.settings.title}</h1>
        {mine.map((each) => (
          <Link
            key={each}
            to="/settings/{-$section}"
            params={{ section: each }}
            aria-current={each === current ? 'page' : undefined}
            className={classes(
              'block rounded-md px-2 py-[5px]',
              each === current ? 'bg-accent-soft font-[550] text-text' : 'text-dim hover:bg-row-hover hover:text-text',
            )}
          >
            {text.settings.sections[each]}
          </Link>
        ))}
      </nav>
      <ScrollRegion
        label={text.settings.sections[current]}
        className="min-w-0 flex-1 overflow-y-auto px-4 py-4 md:px-8 md:py-5"
      >
        <div className={wide.has(current) ? 'max-w-[980px]' : 'max-w-[760px]'}>
          <Body />
        </div>
      </ScrollRegion>
    </div>
  )
}
