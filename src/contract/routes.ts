/** Where mail goes, by recipient domain. */

import { z } from 'zod'
import { tlsPolicies } from '../model/route.ts'
import { procedure } from './procedure.ts'

export const routeShape = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('smarthost'),
    host: z.string().min(1).max(255),
    port: z.number().int().min(1).max(65535),
    tls: z.enum(tlsPolicies).default('opportunistic'),
    username: z.string().max(320).optional(),
    /** written only: never given back */
    password: z.string().max(1000).optional(),
  }),
  z.object({ kind: z.literal('mx'), tls: z.enum(tlsPolicies).default('opportunistic') }),
  z.object({ kind: z.literal('capture') }),
  z.object({ kind: z.literal('reject'), reason: z.string().max(200).optional() }),
])

export const routeRuleShape = z.object({ domain: z.string().min(1).max(255), route: routeShape })
export type RouteRuleView = z.infer<typeof routeRuleShape>

export const routes = {
  list: procedure({ roles: ['admin', 'operator', 'auditor'], tokenScope: 'read' })
    .route({ method: 'GET', path: '/routes', summary: 'All routes; passwords are left out' })
    .output(z.array(routeRuleShape)),
  set: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'PUT', path: '/routes', summary: 'Set the route of a recipient domain or of *' })
    .input(routeRuleShape)
    .output(routeRuleShape),
  remove: procedure({ roles: ['admin'], tokenScope: 'full' })
    .route({ method: 'DELETE', path: '/routes/{domain}', summary: 'Remove a route' })
    .input(z.object({ domain: z.string() }))
    .output(z.object({ removed: z.literal(true) })),
}
