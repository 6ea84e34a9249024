/** Where mail for a recipient domain goes. */

/** How a next hop is spoken to: never, when offered, or only over TLS with a valid certificate for its name. */
export const tlsPolicies = ['none', 'opportunistic', 'require'] as const
export type TlsPolicy = (typeof tlsPolicies)[number]

export type Route =
  /** hand everything to one host */
  | {
      kind: 'smarthost'
      host: string
      port: number
      tls: TlsPolicy
      username?: string | undefined
      password?: string | undefined
      /** the password may also go to a host that cannot prove who it is, or over a connection anyone can read */
      unverifiedLogin?: boolean | undefined
    }
  /** look up the recipient domain's mail exchangers (RFC 5321 §5.1) */
  | {
      kind: 'mx'
      tls: TlsPolicy
      /** exchangers may have addresses of private networks and of this machine */
      privateAddresses?: boolean | undefined
    }
  /** keep it in the queue, never send it */
  | { kind: 'capture' }
  /** refuse it at RCPT */
  | { kind: 'reject'; reason?: string }

declare const aLabels: unique symbol
/**
 * A recipient domain in the one form in which domains are compared: lower case, A-labels (RFC 5890 §2.3.2.1), or an
 * address literal. Made by `recipientDomain` and `asciiDomain` only, so that no other form ever chooses a route.
 */
export type DomainName = string & { readonly [aLabels]: true }

export interface RouteRule {
  /** a recipient domain in lower-case A-label form, or `*` for every other */
  domain: string
  route: Route
}

/** Where mail for a domain goes, and the queue it waits in. */
export interface RoutedTo {
  route: Route
  /** deliveries with the same key share connections, limits and pauses */
  destination: string
}

type Smarthost = Extract<Route, { kind: 'smarthost' }>

const captured: RoutedTo = { route: { kind: 'capture' }, destination: 'capture' }

/** What each rule of an array leads to, worked out once: an array of rules is never changed. */
const indexes = new WeakMap<readonly RouteRule[], Map<string, RoutedTo>>()

/** Chooses the route of a recipient domain: the rule that names it, else `*`, else capture. */
export function routeFor(rules: readonly RouteRule[], domain: DomainName): Route {
  return destinationOf(rules, domain).route
}

/** Chooses the route of a recipient domain and names the queue its mail waits in. */
export function destinationOf(rules: readonly RouteRule[], domain: DomainName): RoutedTo {
  let index = indexes.get(rules)
  if (!index) {
    index = indexOf(rules)
    indexes.set(rules, index)
  }
  const exact = index.get(domain)
  if (exact) return exact
  const any = index.get('*') ?? captured
  return any.route.kind === 'mx' ? { route: any.route, destination: domain } : any
}

function indexOf(rules: readonly RouteRule[]): Map<string, RoutedTo> {
  const routes = new Map<string, RoutedTo>()
  const names = smarthostNames(rules)
  for (const { domain, route } of rules) {
    if (routes.has(domain)) continue
    const destination = route.kind === 'smarthost' ? names(route, domain) : route.kind === 'mx' ? domain : route.kind
    routes.set(domain, { route, destination })
  }
  return routes
}

/**
 * Names the queues of smarthosts. A queue is for a whole route: what one rule demands of TLS or logs in with must
 * neither hold up nor loosen the mail of another. Rules that agree in everything share one, called `host:port`; where
 * rules for one host and port differ, the name says in what.
 */
function smarthostNames(rules: readonly RouteRule[]): (route: Smarthost, domain: string) => string {
  const wholes = new Map<string, Set<string>>()
  const labels = new Map<string, Set<string>>()
  const note = (map: Map<string, Set<string>>, key: string, value: string): void => {
    const known = map.get(key)
    if (known) known.add(value)
    else map.set(key, new Set([value]))
  }
  for (const { route } of rules) {
    if (route.kind !== 'smarthost') continue
    note(wholes, hostOf(route), wholeOf(route))
    note(labels, labelOf(route), wholeOf(route))
  }
  const firsts = new Map<string, string>()
  return (route, domain) => {
    if (wholes.get(hostOf(route))!.size === 1) return hostOf(route)
    const label = labelOf(route)
    if (labels.get(label)!.size === 1) return label
    // they differ in what must not be shown, such as the password: the first rule of each kind names it
    const whole = wholeOf(route)
    if (!firsts.has(whole)) firsts.set(whole, domain)
    return `${label};rule=${firsts.get(whole)}`
  }
}

function hostOf({ host, port }: Smarthost): string {
  return `${host}:${port}`
}

function labelOf(route: Smarthost): string {
  const login = route.username === undefined ? '' : `;login=${route.username}`
  return `${hostOf(route)};tls=${route.tls}${login}`
}

function wholeOf({ host, port, tls, username, password, unverifiedLogin }: Smarthost): string {
  return JSON.stringify([host, port, tls, username ?? null, password ?? null, unverifiedLogin ?? false])
}
