/** What the palette can start on a screen: each is an address that opens the screen with its dialog or check. */

import type { LinkProps } from '@tanstack/react-router'
import type { Role } from '../../model/user.ts'
import { text } from '../text.ts'
import { type Screen, screensOf } from './roles.ts'

interface Order {
  screen: Screen
  words: string
  address: Pick<LinkProps, 'to' | 'params' | 'search'>
  /** everybody who sees the screen, or only these */
  roles?: readonly Role[]
}

const retention = '/retention/{-$view}/{-$id}'
const audit = '/audit/{-$row}'
const settings = '/settings/{-$section}'
const desk: readonly Role[] = ['admin', 'reviewer']
const staff: readonly Role[] = ['admin', 'operator', 'reviewer', 'auditor']

const orders: readonly Order[] = [
  {
    screen: 'review',
    words: text.review.views.waiting,
    address: { to: '/review/{-$id}', params: { id: undefined }, search: { view: 'waiting' } },
  },
  {
    screen: 'requests',
    words: text.requests.create.open,
    address: { to: '/requests/{-$id}', params: { id: undefined }, search: { ask: 'new' } },
    roles: desk,
  },
  {
    screen: 'requests',
    words: text.legalRequests.title,
    address: { to: '/requests/disclosures/{-$id}', params: { id: undefined }, search: {} },
  },
  {
    screen: 'requests',
    words: text.legalRequests.record.open,
    address: { to: '/requests/disclosures/{-$id}', params: { id: undefined }, search: { ask: 'record' } },
    roles: desk,
  },
  {
    screen: 'retention',
    words: text.retention.dryRun.open,
    address: { to: retention, params: { view: undefined, id: undefined }, search: { ask: 'plan' } },
  },
  {
    screen: 'retention',
    words: text.retention.run.open,
    address: { to: retention, params: { view: undefined, id: undefined }, search: { ask: 'run' } },
    roles: ['admin'],
  },
  {
    screen: 'retention',
    words: text.retention.receipts.title,
    address: { to: retention, params: { view: 'receipts', id: undefined }, search: {} },
  },
  {
    screen: 'retention',
    words: text.retention.holds.title,
    address: { to: retention, params: { view: 'holds', id: undefined }, search: {} },
    roles: ['admin', 'reviewer', 'auditor'],
  },
  {
    screen: 'retention',
    words: text.retention.holds.place,
    address: { to: retention, params: { view: 'holds', id: undefined }, search: { ask: 'hold' } },
    roles: ['admin'],
  },
  {
    screen: 'audit',
    words: text.audit.proof.verify.go,
    address: { to: audit, params: { row: 'proof' }, search: { ask: 'verify' } },
  },
  {
    screen: 'audit',
    words: text.audit.proof.draws.go,
    address: { to: audit, params: { row: 'proof' }, search: { ask: 'draws' } },
  },
  {
    screen: 'audit',
    words: text.audit.proof.exported.go,
    address: { to: audit, params: { row: 'proof' }, search: {} },
  },
  {
    screen: 'settings',
    words: text.settings.sections.policy,
    address: { to: settings, params: { section: 'policy' }, search: {} },
    roles: staff,
  },
  {
    screen: 'settings',
    words: text.settings.versions.prepare,
    address: { to: settings, params: { section: 'policy' }, search: { ask: 'change' } },
    roles: ['admin'],
  },
  {
    screen: 'settings',
    words: text.settings.sections.consents,
    address: { to: settings, params: { section: 'consents' }, search: {} },
    roles: ['admin', 'reviewer', 'auditor'],
  },
  {
    screen: 'settings',
    words: text.settings.sections.sharing,
    address: { to: settings, params: { section: 'sharing' }, search: {} },
    roles: staff,
  },
]

/** What a role may start from the palette. */
export function ordersOf(role: Role): readonly Order[] {
  const screens = screensOf(role)
  return orders.filter(({ screen, roles }) => screens.includes(screen) && (roles?.includes(role) ?? true))
}
