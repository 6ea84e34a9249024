/** The policy in force, the change that is on its way, and every version there was. */

import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { PolicyVersionView } from '../../../../contract/policy.ts'
import { problemOf, useApi, useUser } from '../../../api.ts'
import { count, longDay, momentInText, relative, shortDate, utcTime } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { Note } from '../../../ui/note.tsx'
import { ScrollRegion } from '../../../ui/scroll.tsx'
import { ProblemNote, SkeletonLines } from '../../../ui/state.tsx'
import { tableClass } from '../../../ui/table.ts'
import { useNow } from '../../../ui/time.tsx'
import { Card, Row, SectionHead } from '../section.tsx'
import { aheadOf, inForceOf, useGo, useVersions } from './data.ts'
import { VersionState } from './state.tsx'
import { TrustEnds } from './trust-ends.tsx'

const words = text.settings.versions

/** it does not change while the relay runs */
const SAMPLING_MS = 600_000

export function PolicyOverview() {
  const mayChange = useUser().role === 'admin'
  const go = useGo()
  const versions = useVersions()
  const ahead = aheadOf(versions.data ?? [])
  const hasDraft = ahead.some(({ state }) => state === 'draft')
  const current = inForceOf(versions.data ?? [])
  return (
    <>
      <SectionHead
        title={text.settings.policy.title}
        help={text.settings.policy.help}
        action={
          mayChange && versions.data && !hasDraft ? (
            <Button onClick={() => go({ ask: 'change' })}>{words.prepare}</Button>
          ) : null
        }
      />
      {versions.isError ? (
        <ProblemNote {...problemOf(versions.error)} onRetry={() => void versions.refetch()} className="mb-4" />
      ) : versions.data === undefined ? (
        <SkeletonLines lines={9} />
      ) : (
        <>
          {ahead.map((version) => (
            <Ahead key={version.version} version={version} />
          ))}
          {current ? <InForce version={current} /> : null}
          <Versions versions={versions.data} />
        </>
      )}
      <TrustEnds />
    </>
  )
}

/** What is on its way, and when it comes. */
function Ahead({ version: { version, state, effectiveAt } }: { version: PolicyVersionView }) {
  const now = useNow()
  const name = count(version)
  const announced = state === 'announced' && effectiveAt !== null
  return (
    <Note
      tone={announced ? 'warning' : 'plain'}
      title={announced ? words.announcedNote(name, relative(effectiveAt, now)) : words.draftNote(name)}
      className="mb-4"
    >
      <p className="text-dim">{announced ? words.announcedHelp(momentInText(effectiveAt, now)) : words.draftHelp}</p>
      <Link
        to="/settings/{-$section}"
        params={{ section: 'policy' }}
        search={{ version }}
        className="text-accent underline"
      >
        {announced ? words.open : words.goOn}
      </Link>
    </Note>
  )
}

function InForce({ version }: { version: PolicyVersionView }) {
  const { keepDays, owner, effectiveAt } = version
  const { policy } = text.settings
  return (
    <section aria-labelledby="policy-in-force">
      <h3 id="policy-in-force" className="section-title mb-2">
        {words.inForce}
        {' · '}
        <span className="num font-normal" title={effectiveAt ? utcTime(effectiveAt) : undefined}>
          {words.name(count(version.version))}
          {effectiveAt ? `, ${words.since(longDay(effectiveAt))}` : ''}
        </span>
      </h3>
      <Card>
        <Row label={words.owner} help={words.ownerHelp}>
          {owner}
        </Row>
        <Row label={words.keeps} help={words.keepsHelp}>
          <span className="num">{words.daysOf(keepDays, count(keepDays))}</span>
          <Link to="/retention/{-$view}/{-$id}" params={{}} search={{}} className="ml-3 text-accent hover:underline">
            {policy.toRetention}
          </Link>
        </Row>
        <Sampling />
        <PolicyText version={version} />
      </Card>
    </section>
  )
}

function Sampling() {
  const { queries } = useApi()
  const { data } = useQuery(queries.retention.overview.queryOptions({ staleTime: SAMPLING_MS }))
  const { policy } = text.settings
  return (
    <Row label={policy.sampling} help={policy.samplingHelp}>
      <span className="num">{data ? policy.samplingOf(count(data.policy.samplePerBlock)) : text.common.dash}</span>
    </Row>
  )
}

/** The text as it is shown and mailed. */
export function PolicyText({ version }: { version: PolicyVersionView }) {
  return (
    <div className="border-line-soft border-t px-4 py-3 first:border-t-0">
      <div className="mb-1 font-medium">{words.text}</div>
      <ScrollRegion label={words.textOf(count(version.version))} className="max-h-72 overflow-y-auto">
        <p className="whitespace-pre-wrap break-words leading-[21px] select-text">{version.text}</p>
      </ScrollRegion>
    </div>
  )
}

function Versions({ versions }: { versions: readonly PolicyVersionView[] }) {
  return (
    <section aria-labelledby="policy-versions" className="mt-6">
      <h3 id="policy-versions" className="section-title">
        {words.list}
      </h3>
      <p className="mb-2 text-dim">{words.listHelp}</p>
      <Card>
        <table className={tableClass}>
          <thead>
            <tr>
              <th scope="col">{words.column.version}</th>
              <th scope="col">{words.column.state}</th>
              <th scope="col" className="text-right!">
                {words.column.keeps}
              </th>
              <th scope="col">{words.column.effective}</th>
              <th scope="col">{words.column.by}</th>
              <th scope="col" className="w-[34%]">
                {words.column.reason}
              </th>
            </tr>
          </thead>
          <tbody>
            {versions.map((version) => (
              <VersionRow key={version.version} version={version} />
            ))}
          </tbody>
        </table>
      </Card>
    </section>
  )
}

function VersionRow({
  version: { version, state, keepDays, effectiveAt, preparedBy, reason },
}: {
  version: PolicyVersionView
}) {
  return (
    <tr className="relative hover:bg-row-hover">
      <td className="whitespace-nowrap">
        <Link
          to="/settings/{-$section}"
          params={{ section: 'policy' }}
          search={{ version }}
          className="num font-medium before:absolute before:inset-0 before:content-['']"
        >
          {words.name(count(version))}
        </Link>
      </td>
      <td>
        <VersionState state={state} />
      </td>
      <td className="num whitespace-nowrap text-right">{words.daysOf(keepDays, count(keepDays))}</td>
      <td className="num whitespace-nowrap text-dim" title={effectiveAt ? utcTime(effectiveAt) : undefined}>
        {effectiveAt ? shortDate(effectiveAt) : words.notYet}
      </td>
      <td className="max-w-44 truncate text-dim" title={preparedBy}>
        {preparedBy}
      </td>
      <td className="max-w-0 truncate text-dim" title={reason}>
        {reason}
      </td>
    </tr>
  )
}
