/** Calls about where mail goes. */

import { isLoopback } from '../../base/loopback.ts'
import type { Route, RouteRule } from '../../model/route.ts'
import type { Guarded } from './base.ts'
import { checkDomain, checkHost } from './check.ts'
import { entryOf, type Parts } from './context.ts'
import { notFound, refused } from './errors.ts'
import { routeView } from './views.ts'

type Smarthost = Extract<Route, { kind: 'smarthost' }>
type GivenSmarthost = Omit<Smarthost, 'tls'> & { tls?: Smarthost['tls'] | undefined }

/** The domain a rule is for: `*`, or a domain in A-label form. */
function ruleDomain(text: string): string {
  if (text.trim() === '*') return '*'
  const checked = checkDomain(text)
  if (!checked.ok) throw refused(checked.problem, 'name a recipient domain, or * for every other')
  return checked.value
}

/** Whether a password kept for one smarthost may stand for another setting of it. */
function isSameLogin(kept: Route | undefined, given: Smarthost): kept is Smarthost {
  return kept?.kind === 'smarthost' && kept.host === given.host && kept.username === given.username
}

/** A smarthost as given, with its host checked; a password that was not given again is kept. */
function smarthost(given: GivenSmarthost, kept: Route | undefined): Smarthost {
  const host = checkHost(given.host)
  if (!host.ok) throw refused(host.problem)
  const { username, unverifiedLogin } = given
  const tls = given.tls ?? (username === undefined || unverifiedLogin ? 'opportunistic' : 'require')
  const route = { ...given, host: host.value, tls }
  if (username === undefined) {
    if (route.password !== undefined) throw refused('a password without a user name', 'give the user name as well')
    if (unverifiedLogin) throw refused('a login without verified TLS needs a login', 'give user name and password')
    return route
  }
  if (unverifiedLogin && tls === 'require')
    throw refused('required TLS is verified TLS', 'choose another TLS policy, or leave the exception out')
  const password = route.password ?? (isSameLogin(kept, route) ? kept.password : undefined)
  if (password === undefined) throw refused('a user name without a password', 'give the password as well')
  if (tls === 'none' && !isLoopback(route.host) && !unverifiedLogin)
    throw refused('a password would cross the network in clear', 'set TLS to require, or allow it in the route')
  return { ...route, password }
}

export function routeCalls(os: Guarded, parts: Parts) {
  const { directory } = parts.store

  return {
    list: os.routes.list.handler(() => directory.routes().map(routeView)),

    set: os.routes.set.handler(async ({ input, context }) => {
      const domain = ruleDomain(input.domain)
      const kept = directory.routes().find((rule) => rule.domain === domain)?.route
      const route: Route = input.route.kind === 'smarthost' ? smarthost(input.route, kept) : input.route
      const rule: RouteRule = { domain, route }
      const view = routeView(rule)
      const said = { action: 'routes.set', object: `route ${domain}`, details: { route: view.route } }
      await directory.setRoute(rule, entryOf(parts, context.actor, said))
      await parts.engine.routesChanged()
      return view
    }),

    remove: os.routes.remove.handler(async ({ input, context }) => {
      const domain = ruleDomain(input.domain)
      const entry = entryOf(parts, context.actor, { action: 'routes.remove', object: `route ${domain}` })
      if (!(await directory.removeRoute(domain, entry))) throw notFound(`route ${domain}`, 'look at the list of routes')
      await parts.engine.routesChanged()
      return { removed: true as const }
    }),
  }
}
