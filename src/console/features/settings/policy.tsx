/** The policy: its versions, one of them, or the change that is being written. */

import { useSearch } from '@tanstack/react-router'
import { problemOf, useUser } from '../../api.ts'
import { text } from '../../text.ts'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { inForceOf, useVersions } from './policy/data.ts'
import { Editor } from './policy/editor.tsx'
import { PolicyOverview } from './policy/overview.tsx'
import { VersionPage } from './policy/version.tsx'

export function Policy() {
  const { version, ask, days } = useSearch({ from: '/settings/{-$section}' })
  const mayChange = useUser().role === 'admin'
  if (mayChange && (ask === 'change' || (ask === 'edit' && version !== undefined))) {
    return <Editing version={ask === 'edit' ? version : undefined} days={days} />
  }
  if (version !== undefined) return <VersionPage key={version} version={version} ask={ask} />
  return <PolicyOverview />
}

/** @param version the draft; a new change when undefined */
function Editing({ version, days }: { version: number | undefined; days: number | undefined }) {
  const versions = useVersions()
  const current = inForceOf(versions.data ?? [])
  if (versions.isError) return <ProblemNote {...problemOf(versions.error)} onRetry={() => void versions.refetch()} />
  if (!versions.data) return <SkeletonLines lines={9} />
  const draft = versions.data.find((each) => each.version === version && each.state === 'draft')
  const other = versions.data.find(({ state }) => state === 'draft')
  if (!current || (version !== undefined && !draft)) return <ProblemNote what={text.settings.versions.gone} />
  // there is one draft at a time: who asks for another is shown the one there is
  if (version === undefined && other) return <VersionPage version={other.version} ask={undefined} />
  return <Editor key={version ?? 'new'} draft={draft} current={current} days={days} />
}
