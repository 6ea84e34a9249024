/** One version of the policy: what changes, what it does, who was told, and what can be done with it. */

import { Link } from '@tanstack/react-router'
import { ChevronLeft } from 'lucide-react'
import type { ReactNode } from 'react'
import type { PolicyChange, PolicyNotice, PolicyVersionView } from '../../../../contract/policy.ts'
import { problemOf, refusalCode, useUser } from '../../../api.ts'
import { count, momentInText, relative, utcTime } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Button } from '../../../ui/button.tsx'
import { useKeys } from '../../../ui/keys.ts'
import { Empty, ProblemNote, SkeletonLines } from '../../../ui/state.tsx'
import { useNow } from '../../../ui/time.tsx'
import { Card, Row } from '../section.tsx'
import type { Ask } from '../view.ts'
import { Announce } from './announce.tsx'
import { baseOf, useGo, useVersion, useVersions } from './data.ts'
import { Diff } from './diff.tsx'
import { Notices } from './notices.tsx'
import { PolicyText } from './overview.tsx'
import { VersionState } from './state.tsx'
import { Withdraw } from './withdraw.tsx'

const words = text.settings.versions

export interface VersionPageProps {
  version: number
  ask: Ask | undefined
}

export function VersionPage({ version, ask }: VersionPageProps) {
  const go = useGo()
  const found = useVersion(version)
  const versions = useVersions()
  useKeys({ Escape: () => go({}) })
  return (
    <>
      <Back />
      {found.data ? (
        <Version change={found.data} base={baseOf(versions.data ?? [], found.data)} ask={ask} />
      ) : refusalCode(found.error) === 'NOT_FOUND' ? (
        <Empty title={words.gone}>
          <Button onClick={() => go({})}>{text.common.back}</Button>
        </Empty>
      ) : found.isError ? (
        <ProblemNote {...problemOf(found.error)} onRetry={() => void found.refetch()} />
      ) : (
        <SkeletonLines lines={9} />
      )}
    </>
  )
}

/** The way back to all versions. */
export function Back() {
  return (
    <Link
      to="/settings/{-$section}"
      params={{ section: 'policy' }}
      search={{}}
      className="-ml-1 mb-1.5 inline-flex items-center gap-0.5 text-dim hover:text-text"
    >
      <ChevronLeft size={14} aria-hidden />
      {text.settings.policy.title}
    </Link>
  )
}

interface VersionProps {
  change: PolicyChange
  base: PolicyVersionView | undefined
  ask: Ask | undefined
}

function Version({ change, base, ask }: VersionProps) {
  const go = useGo()
  const admin = useUser().role === 'admin'
  const { version, state, effects, notices } = change
  const close = (): void => go({ version }, true)
  const about = (what: PolicyNotice['about']): PolicyNotice[] => notices.filter((notice) => notice.about === what)
  const withdrawal = about('withdrawal')
  const ahead = state === 'draft' || state === 'announced'
  return (
    <>
      <div className="mb-3 flex items-center gap-2.5">
        <h2 className="num font-semibold text-lg tracking-[-0.01em]">{words.name(count(version))}</h2>
        <VersionState state={state} />
        <span className="ml-auto" />
        {admin && ahead ? <Button onClick={() => go({ version, ask: 'withdraw' })}>{words.withdraw}</Button> : null}
        {admin && state === 'draft' ? (
          <>
            <Button onClick={() => go({ version, ask: 'edit' })}>{words.edit}</Button>
            <Button kind="primary" onClick={() => go({ version, ask: 'announce' })}>
              {words.announce}
            </Button>
          </>
        ) : null}
      </div>
      <Facts version={change} />
      {withdrawal.length > 0 ? <Notices about="withdrawal" notices={withdrawal} /> : null}
      {change.announcedAt ? <Notices about="change" notices={about('change')} /> : null}
      {ahead && effects.length > 0 ? <Effects change={change} /> : null}
      <Changes change={change} base={base} />
      {admin && ask === 'announce' && state === 'draft' ? <Announce version={version} onClose={close} /> : null}
      {admin && ask === 'withdraw' && ahead ? (
        <Withdraw version={version} announced={state === 'announced'} onClose={close} />
      ) : null}
    </>
  )
}

function At({ at }: { at: string }) {
  const now = useNow()
  return (
    <time dateTime={at} title={utcTime(at)} className="num">
      {words.countdown(momentInText(at, now), relative(at, now))}
    </time>
  )
}

const effectiveLabel: Record<PolicyVersionView['state'], string> = {
  draft: words.effective,
  announced: words.effective,
  'in force': words.effectiveSince,
  replaced: words.heldFrom,
  withdrawn: words.effective,
}

/** What is fixed about a version, side by side. */
function Facts({ version }: { version: PolicyVersionView }) {
  const { preparedBy, preparedAt, announcedAt, effectiveAt, reason, state, owner, keepDays } = version
  const now = useNow()
  return (
    <Card>
      <dl className="grid grid-cols-3 gap-x-6 gap-y-3 px-4 py-3">
        {effectiveAt && state !== 'withdrawn' ? (
          <Fact name={effectiveLabel[state]}>
            <span className={state === 'announced' ? 'font-[550]' : undefined}>
              <At at={effectiveAt} />
            </span>
          </Fact>
        ) : null}
        {announcedAt ? (
          <Fact name={words.announced}>
            <At at={announcedAt} />
          </Fact>
        ) : null}
        <Fact name={words.preparedBy}>
          <span className="num" title={utcTime(preparedAt)}>
            {words.byAt(preparedBy, momentInText(preparedAt, now))}
          </span>
        </Fact>
        <Fact name={words.keeps} help={words.keepsHelp}>
          <span className="num">{words.daysOf(keepDays, count(keepDays))}</span>
        </Fact>
        <Fact name={words.owner} help={words.ownerHelp}>
          {owner}
        </Fact>
        <Fact name={words.reason} wide>
          {reason}
        </Fact>
      </dl>
    </Card>
  )
}

interface FactProps {
  name: string
  help?: string
  /** takes a whole line */
  wide?: boolean
  children: ReactNode
}

function Fact({ name, help, wide, children }: FactProps) {
  return (
    <div className={wide ? 'col-span-full' : 'min-w-0'}>
      <dt className="text-faint text-sm" title={help}>
        {name}
      </dt>
      <dd className="break-words">{children}</dd>
    </div>
  )
}

function Effects({ change: { effects, keepDays } }: { change: PolicyChange }) {
  return (
    <section aria-labelledby="policy-effects" className="mt-6">
      <h3 id="policy-effects" className="section-title mb-2">
        {words.effects} <span className="font-normal">· {words.effectsNow}</span>
      </h3>
      <Card>
        <ul className="num grid list-disc gap-1 py-3 pr-4 pl-8">
          {effects.map((effect) => (
            <li key={effect}>{effect}</li>
          ))}
        </ul>
        <div className="border-line-soft border-t px-4 py-2">
          <Link
            to="/retention/{-$view}/{-$id}"
            params={{}}
            search={{ days: keepDays }}
            className="text-accent hover:underline"
          >
            {words.toSimulator}
          </Link>
        </div>
      </Card>
    </section>
  )
}

/** Parameters before and after, and the text line by line; the whole text where there is nothing before. */
function Changes({ change, base }: { change: PolicyChange; base: PolicyVersionView | undefined }) {
  const { diff, keepDays, owner } = change
  const out = diff.filter(({ kind }) => kind === 'out').length
  const into = diff.filter(({ kind }) => kind === 'in').length
  if (!base) {
    return (
      <section aria-label={words.text} className="mt-6">
        <p className="mb-2 text-dim">{words.first}</p>
        <Card>
          <PolicyText version={change} />
        </Card>
      </section>
    )
  }
  const days = (n: number): string => words.daysOf(n, count(n))
  return (
    <section aria-labelledby="policy-changes" className="mt-6">
      <h3 id="policy-changes" className="section-title mb-2">
        {words.changes} <span className="num font-normal">· {words.against(count(base.version))}</span>
      </h3>
      <Card>
        {base.keepDays === keepDays ? null : (
          <Row label={words.keeps}>
            <FromTo from={days(base.keepDays)} to={days(keepDays)} />
          </Row>
        )}
        {base.owner === owner ? null : (
          <Row label={words.owner}>
            <FromTo from={base.owner} to={owner} />
          </Row>
        )}
        {out + into > 0 ? (
          <div className="border-line-soft border-t pt-2 first:border-t-0">
            <div className="num px-4 pb-1 font-medium">
              {words.textLines} <span className="font-normal text-dim">{words.lines(count(out), count(into))}</span>
            </div>
            <Diff diff={diff} label={words.changes} className="max-h-[480px]" />
          </div>
        ) : (
          <p className="border-line-soft border-t px-4 py-3 text-dim first:border-t-0">{words.sameText}</p>
        )}
      </Card>
    </section>
  )
}

/** A value before and after. */
function FromTo({ from, to }: { from: ReactNode; to: ReactNode }) {
  return (
    <span className="num">
      <del className="rounded-sm bg-bad-s px-1 no-underline">{from}</del>
      <span aria-hidden className="px-1.5 text-faint">
        →
      </span>
      <ins className="rounded-sm bg-ok-s px-1 font-[550] no-underline">{to}</ins>
    </span>
  )
}
