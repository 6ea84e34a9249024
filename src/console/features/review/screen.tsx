/** Review: the cases, and one of them with its evidence, its sealed samples and what follows. */

import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus, ShieldCheck } from 'lucide-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { toast } from 'sonner'
import type { CaseDetail, CaseSample, CaseView } from '../../../contract/cases.ts'
import { type CaseVerdict, isUnderReview } from '../../../model/review.ts'
import { problemOf, refusalCode, useApi, usePerson } from '../../api.ts'
import { AccountSearch } from '../../parts/account-search.tsx'
import { useMayWork } from '../../parts/desk.ts'
import { text } from '../../text.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Tabs, tabClass } from '../../ui/tabs.tsx'
import { Act } from './act.tsx'
import { Approval } from './approval.tsx'
import { caseColumns } from './columns.tsx'
import { useCases, useFreshDesk, useQuickOrder } from './data.ts'
import { type CaseOrders, CasePane } from './detail.tsx'
import { AttachSignals } from './evidence.tsx'
import { NewCase } from './new-case.tsx'
import { Ask, OpenSample, Revoke } from './opening-dialogs.tsx'
import { AddNote, CloseCase, Decide, Reopen } from './small-dialogs.tsx'
import { type Step, stepOf } from './step.ts'
import { Suggested } from './suggested.tsx'
import { Unmatched } from './unmatched.tsx'
import { caseNumber, type ReviewSearch, type View, views } from './view.ts'
import { type Opened, openedNow, Viewer } from './viewer.tsx'
import { Yours } from './waiting.tsx'

const words = text.review

const SIDEBAR = 204
/** share of the window that a case gets beside the list, until a person moves the bar */
const DETAIL_SHARE = 0.64

function keyOf({ id }: CaseView): string {
  return String(id)
}

/** Where the screen is, and the ways to other places on it. */
function usePlace() {
  const { id } = useParams({ from: '/review/{-$id}' })
  const search = useSearch({ from: '/review/{-$id}' })
  const navigate = useNavigate()
  const go = useCallback(
    (to: string | undefined, next: ReviewSearch, replace = false): void =>
      void navigate({ to: '/review/{-$id}', params: { id: to }, search: next, replace }),
    [navigate],
  )
  const { view = 'active', account } = search
  const list = useMemo<ReviewSearch>(
    () => ({ ...(view === 'active' ? {} : { view }), ...(account ? { account } : {}) }),
    [view, account],
  )
  return { id, view, account, opening: search.opening, list, go }
}

export function ReviewScreen() {
  const { id, view, account, opening, list, go } = usePlace()
  const mayWork = useMayWork()
  const [creating, setCreating] = useState<{ account?: string }>()
  const [opened, setOpened] = useState<Opened>()
  useFreshDesk()

  // an opened sample belongs to this address: on any other it is closed
  const place = `${id ?? ''} ${opening ?? ''}`
  // biome-ignore lint/correctness/useExhaustiveDependencies: the place stands for the address
  useEffect(() => () => setOpened(undefined), [place])

  const show = useCallback((key: string | undefined, replace = false): void => go(key, list, replace), [go, list])
  if (opened) {
    return (
      <Viewer
        opened={opened}
        onClose={(by) => {
          setOpened(undefined)
          toast(by === 'time' ? words.viewer.closedByTime : words.viewer.closed)
        }}
      />
    )
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <h1 className="sr-only">{words.title}</h1>
      <Split
        name="review"
        first={Math.round((window.innerWidth - SIDEBAR) * DETAIL_SHARE)}
        label={words.title}
        main={
          <CaseList
            id={id}
            view={view}
            account={account}
            onShow={show}
            onAccount={(next) => go(id, { ...list, account: next || undefined } as ReviewSearch, true)}
            onCreate={mayWork ? setCreating : undefined}
          />
        }
        side={
          id === undefined ? undefined : (
            <CaseBeside
              key={id}
              written={id}
              opening={opening}
              onShow={show}
              onOpened={(content) => setOpened(openedNow(content))}
            />
          )
        }
      />
      {creating ? (
        <NewCase
          account={creating.account}
          onClose={() => setCreating(undefined)}
          onOpened={(made) => {
            setCreating(undefined)
            go(String(made), {})
          }}
        />
      ) : null}
    </div>
  )
}

interface CaseListProps {
  id: string | undefined
  view: View
  account: string | undefined
  onShow: (id: string | undefined, replace?: boolean) => void
  onAccount: (account: string) => void
  onCreate: ((first: { account?: string }) => void) | undefined
}

function CaseList({ id, view, account, onShow, onAccount, onCreate }: CaseListProps) {
  const { queries } = useApi()
  const { email } = usePerson()
  const grid = useRef<GridHandle>(null)
  const [cursor, setCursor] = useState<string>()
  const accounts = useQuery(queries.accounts.list.queryOptions({ staleTime: 60_000 }))
  const isKnown = account === undefined || (accounts.data?.some(({ name }) => name === account) ?? false)
  const { found, rows } = useCases(view, account, isKnown)
  const columns = useColumns(
    'cases',
    useMemo(() => caseColumns(email), [email]),
  )
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = found
  const onRange = useCallback(
    (_first: number, last: number): void => {
      if (last >= rows.count && hasNextPage && !isFetchingNextPage) void fetchNextPage()
    },
    [rows.count, hasNextPage, isFetchingNextPage, fetchNextPage],
  )
  const open = useCallback((key: string): void => onShow(key), [onShow])
  const search = account ? { account } : {}
  useKeys({
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    Enter: () => grid.current?.open(),
    Escape: () => id !== undefined && onShow(undefined),
    'g g': () => grid.current?.toTop(),
    c: () => onCreate?.({}),
  })
  return (
    <div className="flex min-h-0 flex-1 flex-col bg-panel">
      <div className="flex flex-wrap items-center gap-2 border-line border-b px-3.5 py-[9px]">
        <Tabs label={words.viewsLabel}>
          {views.map((each) => (
            <Link
              key={each}
              to="/review/{-$id}"
              params={{}}
              search={{ ...search, ...(each === 'active' ? {} : { view: each }) }}
              activeOptions={{ exact: true }}
              aria-current={each === view ? 'page' : undefined}
              className={tabClass(each === view)}
            >
              {words.views[each]}
            </Link>
          ))}
        </Tabs>
        <AccountSearch
          label={words.filter}
          placeholder={words.filterPlaceholder}
          names={accounts.data?.map(({ name }) => name)}
          value={account}
          onChoose={onAccount}
          className="order-last min-w-40"
        />
        {onCreate && id === undefined ? (
          <Button onClick={() => onCreate({})} className="order-last">
            <Plus size={14} />
            {words.create.open}
          </Button>
        ) : onCreate ? (
          <IconButton label={words.create.open} shortcut="c" onClick={() => onCreate({})} className="ml-auto">
            <Plus size={15} />
          </IconButton>
        ) : null}
      </div>
      <Yours />
      {onCreate ? <Suggested onOpen={(suggestion) => onCreate({ account: suggestion.account })} /> : null}
      <Unmatched />
      {found.isError ? (
        <div className="border-line border-b p-3">
          <ProblemNote {...problemOf(found.error)} onRetry={() => void found.refetch()} />
        </div>
      ) : null}
      {isKnown || !accounts.data ? (
        <Grid
          key={`${view} ${account ?? ''}`}
          handle={grid}
          label={words.list}
          columns={columns}
          rows={rows}
          version={rows.count}
          keyOf={keyOf}
          current={id ?? cursor}
          onCurrent={(key) => (id === undefined ? setCursor(key) : onShow(key, true))}
          onOpen={open}
          onRange={onRange}
          empty={
            <Empty
              icon={<ShieldCheck size={26} strokeWidth={1.4} />}
              title={words.none[view]}
              {...(view === 'active' ? { help: words.noneHelp } : {})}
            />
          }
        />
      ) : (
        <Empty title={words.noSuchAccount(account ?? '')}>
          <Button onClick={() => onAccount('')}>{words.showActive}</Button>
        </Empty>
      )}
    </div>
  )
}

interface CaseBesideProps {
  written: string
  opening: number | undefined
  onShow: (id: string | undefined) => void
  onOpened: (view: Parameters<typeof openedNow>[0]) => void
}

/** The case beside the list, as far as it has been read. */
function CaseBeside({ written, opening, onShow, onOpened }: CaseBesideProps) {
  const { queries } = useApi()
  const id = caseNumber(written)
  const file = useQuery(queries.cases.get.queryOptions({ input: { id: id ?? 1 }, enabled: id !== undefined }))
  const reasons = useQuery(queries.cases.reasons.queryOptions({ staleTime: 60_000 }))
  if (file.data && id !== undefined) {
    const { reason } = file.data
    const sentence = reasons.data?.find(({ code }) => code === reason)?.text ?? reason
    if (opening !== undefined) {
      return <Approving file={file.data} opening={opening} reasonText={sentence} onDone={() => onShow(written)} />
    }
    return <Case file={file.data} reasonText={sentence} onClose={() => onShow(undefined)} onOpened={onOpened} />
  }
  return (
    <aside aria-label={words.title} className="min-h-0 flex-1 bg-panel p-[18px]">
      {id === undefined || refusalCode(file.error) === 'NOT_FOUND' ? (
        <Empty title={words.detail.gone} />
      ) : file.isError ? (
        <ProblemNote {...problemOf(file.error)} onRetry={() => void file.refetch()} />
      ) : (
        <SkeletonLines lines={9} />
      )}
    </aside>
  )
}

function Approving(props: Parameters<typeof Approval>[0]) {
  useKeys({ Escape: props.onDone })
  return <Approval {...props} />
}

type Dialog =
  | { kind: 'note' | 'act' | 'close' | 'reopen' | 'attach' }
  | { kind: 'decide'; verdict: CaseVerdict }
  | { kind: 'ask' | 'open' | 'revoke'; sample: CaseSample }

interface CaseProps {
  file: CaseDetail
  reasonText: string
  onClose: () => void
  onOpened: CaseBesideProps['onOpened']
}

/** A case with the keys and dialogs of what can be done with it. */
function Case({ file, reasonText, onClose, onOpened }: CaseProps) {
  const { client, queries } = useApi()
  const { email } = usePerson()
  const mayWork = useMayWork()
  const { list, go } = usePlace()
  const [dialog, setDialog] = useState<Dialog>()
  const policy = useQuery(queries.openings.policy.queryOptions({ staleTime: 60_000 }))
  const take = useQuickOrder(() => client.cases.assign({ id: file.id, owner: email }))
  const active = isUnderReview(file.status)
  const done = (): void => setDialog(undefined)

  const step = useCallback(
    (sample: CaseSample, next: Step): void => {
      if (next.kind === 'ask' || next.kind === 'open') setDialog({ kind: next.kind, sample })
      if (next.kind === 'approve' && sample.opening) go(String(file.id), { ...list, opening: sample.opening.id })
    },
    [go, list, file.id],
  )
  const revoke = useCallback((sample: CaseSample): void => setDialog({ kind: 'revoke', sample }), [])
  const orders: CaseOrders = {
    take: () => take.mutate(undefined),
    note: () => setDialog({ kind: 'note' }),
    decide: () => setDialog({ kind: 'decide', verdict: 'breach' }),
    act: () => setDialog({ kind: 'act' }),
    close: () => setDialog({ kind: 'close' }),
    reopen: () => setDialog({ kind: 'reopen' }),
    attach: () => setDialog({ kind: 'attach' }),
    step,
    revoke,
  }
  const stepFirst = (): void => {
    const next = file.samples
      .map((sample) => ({ sample, step: stepOf(sample, email, mayWork, Date.now()) }))
      .toSorted((a, b) => urgency(a.step) - urgency(b.step))[0]
    if (next) step(next.sample, next.step)
  }
  const verdictKey = (verdict: CaseVerdict) => () => active && setDialog({ kind: 'decide', verdict })
  useKeys(
    mayWork
      ? {
          t: () => active && file.owner !== email && orders.take(),
          w: orders.note,
          o: stepFirst,
          s: () => active && orders.attach(),
          b: verdictKey('breach'),
          n: verdictKey('no breach'),
          u: verdictKey('unclear'),
          a: () => file.status !== 'closed' && orders.act(),
          e: () => file.status === 'decided' && orders.close(),
          v: () => !active && orders.reopen(),
        }
      : {},
  )
  return (
    <>
      <CasePane file={file} reasonText={reasonText} orders={orders} onClose={onClose} />
      {dialog ? (
        <CaseDialog
          dialog={dialog}
          file={file}
          minutes={policy.data?.viewMinutes}
          onClose={done}
          onDecided={(verdict) => setDialog(verdict === 'breach' ? { kind: 'act' } : undefined)}
          onOpened={onOpened}
        />
      ) : null}
    </>
  )
}

/** What a key press does first: open what may be opened, then approve, then ask. */
function urgency({ kind }: Step): number {
  return ['open', 'approve', 'ask', 'wait'].indexOf(kind)
}

interface CaseDialogsProps {
  dialog: Dialog
  file: CaseDetail
  minutes: number | undefined
  onClose: () => void
  onDecided: (verdict: CaseVerdict) => void
  onOpened: CaseBesideProps['onOpened']
}

function CaseDialog({ dialog, file, minutes, onClose, onDecided, onOpened }: CaseDialogsProps) {
  const given = { file, onClose }
  switch (dialog.kind) {
    case 'note':
      return <AddNote {...given} />
    case 'act':
      return <Act {...given} />
    case 'close':
      return <CloseCase {...given} />
    case 'reopen':
      return <Reopen {...given} />
    case 'attach':
      return <AttachSignals {...given} />
    case 'decide':
      return <Decide {...given} first={dialog.verdict} onDecided={onDecided} />
    case 'ask':
      return <Ask {...given} sample={dialog.sample} />
    case 'revoke':
      return <Revoke {...given} sample={dialog.sample} />
    case 'open':
      return <OpenSample {...given} sample={dialog.sample} minutes={minutes} onOpened={onOpened} />
  }
}
