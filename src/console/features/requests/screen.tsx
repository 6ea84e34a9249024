/** Requests: what people ask about data that is held of them, and the path of each to its answer. */

import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useCallback, useState } from 'react'
import type { RequestDetail } from '../../../contract/requests.ts'
import { problemOf, refusalCode, useApi, useUser } from '../../api.ts'
import { useMayWork } from '../../components/desk.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { useFreshList, useQuickMutation, useRequest } from './data.ts'
import { RequestPane } from './detail.tsx'
import { Forward } from './forward.tsx'
import { Head } from './head.tsx'
import { Answer, Refuse } from './letter-dialogs.tsx'
import { RequestList } from './list.tsx'
import { NewRequest } from './new-request.tsx'
import type { RequestDialog, RequestMutations } from './orders.ts'
import { DestroyExport, HandOver, ReadExport, ReviewExport } from './package-dialogs.tsx'
import { nextForExport } from './packages.tsx'
import { nextStep, obstacleOf, type Step } from './path.ts'
import {
  AddNote,
  ChangeRequest,
  CloseRequest,
  Decide,
  EnterCode,
  Evidence,
  Execute,
  Extend,
  SendCode,
} from './small-dialogs.tsx'
import { numberOf, type RequestSearch } from './view.ts'

const words = text.requests

const SIDEBAR = 204
/** share of the window that a request gets beside the list, until a person moves the bar */
const DETAIL_SHARE = 0.62

const address = '/requests/{-$id}'

export function RequestsScreen() {
  const { id } = useParams({ from: address })
  const { ask, ...search } = useSearch({ from: address })
  const navigate = useNavigate()
  const mayWork = useMayWork()
  const go = (to: string | undefined, next: RequestSearch, replace = false): void =>
    void navigate({ to: address, params: { id: to }, search: next, replace })
  const create = (): void => go(id, { ...search, ask: 'new' }, true)
  useFreshList()
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <Head part="desk">
        {mayWork ? (
          <Button onClick={create}>
            <Plus size={14} />
            {words.create.open}
          </Button>
        ) : null}
      </Head>
      <Split
        name="requests"
        first={Math.round((window.innerWidth - SIDEBAR) * DETAIL_SHARE)}
        label={words.title}
        main={
          <RequestList
            id={id}
            search={search}
            onShow={(to, replace) => go(to, search, replace)}
            onNarrow={(next) => go(id, next, true)}
            onCreate={mayWork ? create : undefined}
          />
        }
        side={
          id === undefined ? undefined : (
            <RequestBeside
              key={id}
              written={id}
              onClose={() => go(undefined, search)}
              onOrder={(made) => go(String(made), {})}
            />
          )
        }
      />
      {ask === 'new' && mayWork ? (
        <NewRequest onClose={() => go(id, search, true)} onOpened={(made) => go(String(made), {})} />
      ) : null}
    </div>
  )
}

interface BesideProps {
  written: string
  onClose: () => void
  onOrder: (id: number) => void
}

/** The request beside the list, as far as it has been read. */
function RequestBeside({ written, onClose, onOrder }: BesideProps) {
  const id = numberOf(written)
  const found = useRequest(id)
  if (found.data && id !== undefined) return <Request request={found.data} onClose={onClose} onOrder={onOrder} />
  return (
    <aside aria-label={words.title} className="min-h-0 flex-1 bg-panel p-[18px]">
      {id === undefined || refusalCode(found.error) === 'NOT_FOUND' ? (
        <Empty title={words.detail.gone} />
      ) : found.isError ? (
        <ProblemNote {...problemOf(found.error)} onRetry={() => void found.refetch()} />
      ) : (
        <SkeletonLines lines={9} />
      )}
    </aside>
  )
}

interface RequestProps extends Omit<BesideProps, 'written'> {
  request: RequestDetail
}

/** A request with the keys and dialogs of what can be done with it. */
function Request({ request, onClose, onOrder }: RequestProps) {
  const { client } = useApi()
  const { email, name } = useUser()
  const mayWork = useMayWork()
  const [dialog, setDialog] = useState<RequestDialog>()
  const { id } = request
  const take = useQuickMutation(() => client.requests.change({ id, owner: email, reason: words.detail.take }))
  const search = useQuickMutation(() => client.requests.search({ id }))
  const cancel = useQuickMutation(() => client.requests.cancelSearch({ id }))
  const ask = useCallback((next: RequestDialog): void => setDialog(next), [])
  const step = (wanted: Step | undefined): void => {
    if (wanted === 'package') {
      const file = request.dataExports.find((each) => nextForExport(each, [email, name]) !== undefined)
      const kind = file && nextForExport(file, [email, name])
      if (file && kind) ask({ kind, file })
    } else if (wanted === undefined || obstacleOf(request, wanted) !== '') return
    else if (wanted === 'search') search.mutate(undefined)
    else if (wanted === 'confirm identity') ask({ kind: request.identity.codeSentAt === null ? 'code' : 'enter' })
    else ask({ kind: wanted })
  }
  const orders: RequestMutations = {
    ask,
    step,
    take: () => take.mutate(undefined),
    search: () => search.mutate(undefined),
    cancelSearch: () => cancel.mutate(undefined),
  }
  const next = nextStep(request)
  const isLast = next === 'decide' || next === 'execute' || next === 'answer'
  useKeys(
    mayWork
      ? {
          n: () => step(next),
          t: () => request.state !== 'closed' && request.owner !== email && orders.take(),
          w: () => ask({ kind: 'note' }),
          i: () => !request.identity.confirmed && step('confirm identity'),
          o: () =>
            !request.identity.confirmed && obstacleOf(request, 'confirm identity') === '' && ask({ kind: 'evidence' }),
          s: () => step('search'),
          f: () => step('forward'),
          d: () => isLast && step(next),
          r: () => step('refuse'),
        }
      : {},
  )
  return (
    <>
      <RequestPane request={request} orders={orders} onClose={onClose} />
      {dialog ? (
        <Asked
          dialog={dialog}
          request={request}
          onClose={() => setDialog(undefined)}
          onAnswer={obstacleOf(request, 'answer') === '' ? (link) => setDialog({ kind: 'answer', link }) : undefined}
          onOrder={(made) => {
            setDialog(undefined)
            onOrder(made)
          }}
        />
      ) : null}
    </>
  )
}

interface AskedProps {
  dialog: RequestDialog
  request: RequestDetail
  onClose: () => void
  /** goes on to the answer, which names the link; undefined where it is not its turn */
  onAnswer: ((link: string) => void) | undefined
  onOrder: (id: number) => void
}

function Asked({ dialog, request, onClose, onAnswer, onOrder }: AskedProps) {
  const given = { request, onClose }
  switch (dialog.kind) {
    case 'code':
      return <SendCode {...given} />
    case 'enter':
      return <EnterCode {...given} />
    case 'evidence':
      return <Evidence {...given} />
    case 'forward':
      return <Forward {...given} />
    case 'decide':
      return <Decide {...given} />
    case 'execute':
      return <Execute {...given} />
    case 'answer':
      return <Answer {...given} link={dialog.link} />
    case 'note':
      return <AddNote {...given} />
    case 'extend':
      return <Extend {...given} />
    case 'refuse':
      return <Refuse {...given} />
    case 'close':
      return <CloseRequest {...given} />
    case 'change':
      return <ChangeRequest {...given} />
    case 'order':
      return <NewRequest parent={request} onClose={onClose} onOpened={onOrder} />
    case 'read':
      return <ReadExport file={dialog.file} onClose={onClose} />
    case 'review':
      return <ReviewExport file={dialog.file} onClose={onClose} />
    case 'hand over':
      return <HandOver file={dialog.file} onClose={onClose} onAnswer={onAnswer} />
    case 'destroy':
      return <DestroyExport file={dialog.file} onClose={onClose} />
  }
}
