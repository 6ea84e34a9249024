/** Who data is shared with, by the settings in force. Pure. */

import { isLoopback } from '../../base/loopback.ts'
import type { Route, RouteRule } from '../../model/route.ts'
import type { Scoring } from '../../model/signal.ts'

/** One line of the register: who gets what, and where that is. */
export interface SharedWith {
  /** name or host */
  who: string
  /** such as `next hop for *`, `scoring service`, `backup storage` */
  as: string
  /** what it gets, in words */
  what: string
  where: 'this machine' | 'elsewhere'
}

export interface SharingSettings {
  routes: readonly RouteRule[]
  scoring: Scoring
  /** folders of backups that are still to be destroyed */
  backups: readonly string[]
  /** where checkpoints of the audit log go; undefined: nowhere */
  checkpoints: string | undefined
}

const WHOLE_MESSAGES = 'whole messages on their way: sender, recipients, headers and content'

function placeOf(host: string): SharedWith['where'] {
  return isLoopback(host.replace(/^\[(.*)\]$/, '$1')) ? 'this machine' : 'elsewhere'
}

function whose(domain: string): string {
  return domain === '*' ? 'mail to every other domain' : `mail to ${domain}`
}

function nextHop({ domain, route }: { domain: string; route: Route }): SharedWith[] {
  const as = `next hop for ${whose(domain)}`
  switch (route.kind) {
    case 'smarthost':
      return [{ who: `${route.host}:${route.port}`, as, what: WHOLE_MESSAGES, where: placeOf(route.host) }]
    case 'mx':
      return [{ who: 'the mail servers of recipients', as, what: WHOLE_MESSAGES, where: 'elsewhere' }]
    case 'capture':
    case 'reject':
      return []
  }
}

function scorer({ kind, url }: Scoring): SharedWith[] {
  if (kind === 'built-in') return []
  const { host, hostname } = new URL(url)
  const what = 'samples whole, at the moment they are drawn, to be rated for abuse'
  return [{ who: `${kind} at ${host}`, as: 'scoring service', what, where: placeOf(hostname) }]
}

/** The register. A path is storage this machine reaches; whose disk it is nobody here can know. */
export function sharedWith({ routes, scoring, backups, checkpoints }: SharingSettings): SharedWith[] {
  const folders = [...new Set(backups)].map((who): SharedWith => {
    const what = 'encrypted copies of header records, unfinished mail, accounts and settings; never samples'
    return { who, as: 'backup storage', what, where: 'this machine' }
  })
  const signed: SharedWith[] =
    checkpoints === undefined
      ? []
      : [
          {
            who: checkpoints,
            as: 'keeper of checkpoints',
            what: 'signed hashes of the audit log; nothing of anybody',
            where: 'this machine',
          },
        ]
  return [...routes.flatMap(nextHop), ...scorer(scoring), ...folders, ...signed]
}
