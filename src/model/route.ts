/** Where mail for a recipient domain goes. */

/** How a next hop is spoken to: never, when offered, or only over TLS with a valid certificate for its name. */
export const tlsPolicies = ['none', 'opportunistic', 'require'] as const
export type TlsPolicy = (typeof tlsPolicies)[number]

export type Route =
  /** hand everything to one host */
  | { kind: 'smarthost'; host: string; port: number; tls: TlsPolicy; username?: string; password?: string }
  /** look up the recipient domain's mail exchangers (RFC 5321 §5.1) */
  | { kind: 'mx'; tls: TlsPolicy }
  /** keep it in the queue, never send it */
  | { kind: 'capture' }
  /** refuse it at RCPT */
  | { kind: 'reject'; reason?: string }

export interface RouteRule {
  /** a recipient domain in lower-case A-label form, or `*` for every other */
  domain: string
  route: Route
}

/** Chooses the route of a recipient domain: the rule that names it, else `*`, else capture. */
export function routeFor(rules: readonly RouteRule[], domain: string): Route {
  const exact = rules.find((rule) => rule.domain === domain)
  const any = rules.find((rule) => rule.domain === '*')
  return (exact ?? any)?.route ?? { kind: 'capture' }
}

/** The queue a delivery waits in: deliveries with the same key share connections and limits. */
export function destinationKey(route: Route, domain: string): string {
  switch (route.kind) {
    case 'smarthost':
      return `${route.host}:${route.port}`
    case 'mx':
      return domain
    case 'capture':
      return 'capture'
    case 'reject':
      return 'reject'
  }
}
