/** Where mail goes, by recipient domain. */

import { z } from 'zod'
import { tlsPolicies } from '../model/route.ts'
import { procedure } from './procedure.ts'

const smarthostShape = z.object({
  kind: z.literal('smarthost'),
  host: z.string().min(1).max(255),
  port: z.number().int().min(1).max(65535),
  tls: z.enum(tlsPolicies),
  username: z.string().max(320).optional(),
  /** written only: never given back */
  password: z.string().max(1000).optional(),
  /** send the password even if the certificate cannot be verified, or without TLS */
  unverifiedLogin: z.boolean().optional(),
})

const otherShapes = [
  z.object({
    kind: z.literal('mx'),
    tls: z.enum(tlsPolicies).default('opportunistic'),
    /** also deliver to exchangers in private networks and on this machine */
    privateAddresses: z.boolean().optional(),
  }),
  z.object({ kind: z.literal('capture') }),
  z.object({ kind: z.literal('reject'), reason: z.string().max(200).optional() }),
] as const

export const routeShape = z.discriminatedUnion('kind', [smarthostShape, ...otherShapes])
/** TLS left out: required where there is a user name, else when offered. */
const newRouteShape = z.discriminatedUnion('kind', [
  smarthostShape.extend({ tls: z.enum(tlsPolicies).optional() }),
  ...otherShapes,
])

const domainShape = z.string().min(1).max(255)
export const routeRuleShape = z.object({ domain: domainShape, route: routeShape })
export type RouteRuleView = z.infer<typeof routeRuleShape>

export const routes = {
  list: procedure({ roles: ['admin', 'operator', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/routes', summary: 'All routes; passwords are left out' })
    .output(z.array(routeRuleShape)),
  set: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/routes', summary: 'Set the route of a recipient domain or of *' })
    .input(z.object({ domain: domainShape, route: newRouteShape }))
    .output(routeRuleShape),
  remove: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'DELETE', path: '/routes/{domain}', summary: 'Remove a route' })
    .input(z.object({ domain: z.string() }))
    .output(z.object({ removed: z.literal(true) })),
}
