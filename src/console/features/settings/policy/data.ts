/** Versions of the policy, and how a screen keeps true to them. */

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { PolicyNotice, PolicyVersionView } from '../../../../contract/policy.ts'
import { useApi } from '../../../api.ts'
import type { SettingsSearch } from '../view.ts'

const VERSIONS_MS = 15_000
const NOTICES_MS = 2000

const failed = new Set(['failed', 'expired', 'cancelled'])
const told = 'delivered'

/** How far a letter is: what a person has to look at comes first. */
export function progressOf({ state }: PolicyNotice): 'failed' | 'waiting' | 'told' {
  if (state === told) return 'told'
  return failed.has(state) ? 'failed' : 'waiting'
}

export function useVersions() {
  const { queries } = useApi()
  return useQuery(queries.policy.versions.queryOptions({ refetchInterval: VERSIONS_MS }))
}

/** One version; read often while its letters are on the way. */
export function useVersion(version: number) {
  const { queries } = useApi()
  return useQuery(
    queries.policy.get.queryOptions({
      input: { version },
      refetchInterval: ({ state: { data } }) =>
        data?.notices.some((notice) => progressOf(notice) === 'waiting') ? NOTICES_MS : VERSIONS_MS,
    }),
  )
}

/** Reads everything about the policy again, after an act. */
export function useRefreshedPolicy(): () => Promise<void> {
  const { queries } = useApi()
  const cache = useQueryClient()
  return async () => {
    await Promise.all([
      cache.invalidateQueries({ queryKey: queries.policy.key() }),
      cache.invalidateQueries({ queryKey: queries.retention.key() }),
    ])
  }
}

export function inForceOf(versions: readonly PolicyVersionView[]): PolicyVersionView | undefined {
  return versions.find(({ state }) => state === 'in force')
}

/** Changes that are on their way: one announced at most, and one draft. */
export function aheadOf(versions: readonly PolicyVersionView[]): PolicyVersionView[] {
  return versions.filter(isAhead)
}

function isAhead({ state }: PolicyVersionView): boolean {
  return state === 'draft' || state === 'announced'
}

/** What a version is compared with: the one in force, or for one that held itself, the one that held before it. */
export function baseOf(
  versions: readonly PolicyVersionView[],
  { version, state, effectiveAt }: PolicyVersionView,
): PolicyVersionView | undefined {
  if (state !== 'in force' && state !== 'replaced') return inForceOf(versions)
  const since = effectiveAt ?? ''
  return versions
    .filter((each) => each.version !== version && (each.state === 'in force' || each.state === 'replaced'))
    .filter((each) => (each.effectiveAt ?? '') <= since && (each.effectiveAt !== since || each.version < version))
    .toSorted((a, b) => (b.effectiveAt ?? '').localeCompare(a.effectiveAt ?? '') || b.version - a.version)[0]
}

/** Goes to a part of the policy section. */
export function useGo(): (search: SettingsSearch, replace?: boolean) => void {
  const navigate = useNavigate()
  return (search, replace = false) =>
    void navigate({ to: '/settings/{-$section}', params: { section: 'policy' }, search, replace })
}
