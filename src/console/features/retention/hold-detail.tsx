/** One legal hold: what it covers, who placed it and why, what has outlived its day because of it, and its release. */

import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { FileQuestionMark } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { HoldScopeInput, HoldView } from '../../../contract/retention.ts'
import { useApi, useUser } from '../../api.ts'
import { scopeInText } from '../../components/hold-scope.tsx'
import { headersInText } from '../../components/kept/words.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { SidePane } from '../../components/side-pane.tsx'
import { seesMessages } from '../../components/visibility.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Fact, FactList } from '../../ui/facts.tsx'
import { Empty, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { useRefreshed } from './fresh.ts'
import { HoldState } from './hold-state.tsx'

const words = text.retention.holds

export interface HoldDetailProps {
  id: number
  hold: HoldView | undefined
  /** whether the list is still on its way */
  waiting: boolean
  onClose: () => void
}

export function HoldDetail({ id, hold, waiting, onClose }: HoldDetailProps) {
  return (
    <SidePane label={words.name(count(id))} closeLabel={words.close} onClose={onClose}>
      {hold ? (
        <Loaded hold={hold} />
      ) : waiting ? (
        <div className="pt-1 pr-10">
          <SkeletonLines lines={6} />
        </div>
      ) : (
        <Empty icon={<FileQuestionMark size={26} strokeWidth={1.4} />} title={words.gone} />
      )}
    </SidePane>
  )
}

/** The written filter of the messages a hold covers, where one filter can say it. */
function filterOf(scope: HoldScopeInput): string | undefined {
  switch (scope.kind) {
    case 'account':
      return `account:${scope.account}`
    case 'period':
      return `since:${scope.since} until:${scope.until}`
    case 'message':
      return `id:${scope.message}`
    case 'address':
      // either end of the message: two filters, not one
      return undefined
  }
}

function Loaded({ hold }: { hold: HoldView }) {
  const { role } = useUser()
  const [releasing, setReleasing] = useState(false)
  const filter = filterOf(hold.scope)
  return (
    <>
      <h2 className="num pr-8 font-semibold text-lg tracking-[-0.01em]">{words.name(count(hold.id))}</h2>
      <p className="text-dim select-text">{scopeInText(hold.scope, Date.now())}</p>
      <p className="my-3 rounded-md bg-sunken px-3 py-2.5 select-text">{hold.reason}</p>
      <div className="mb-3 flex gap-1.5">
        {role === 'admin' && hold.releasedAt === null ? (
          <Button small onClick={() => setReleasing(true)}>
            {words.release}
          </Button>
        ) : null}
        {filter && seesMessages(role) ? (
          <Link
            to="/messages/{-$id}"
            params={{}}
            search={{ q: filter }}
            className="inline-flex h-6 items-center rounded-md px-2 text-accent text-sm hover:bg-row-hover"
          >
            {words.showMessages}
          </Link>
        ) : null}
      </div>
      <FactList>
        <Fact name={words.state}>
          <HoldState hold={hold} />
        </Fact>
        <Fact name={words.survivors} help={words.survivorsHelp}>
          <span className="num">{headersInText(hold.headers)}</span>
        </Fact>
        <Fact name={words.by}>
          <span className="mono">{hold.placedBy}</span>
        </Fact>
        <Fact name={words.at}>
          <Time at={hold.placedAt} />
        </Fact>
        {hold.releasedAt === null ? null : (
          <>
            <Fact name={words.releasedBy}>
              <span className="mono">{hold.releasedBy ?? text.common.dash}</span>
            </Fact>
            <Fact name={words.releasedAt}>
              <Time at={hold.releasedAt} />
            </Fact>
            <Fact name={words.releaseReason}>{hold.releaseReason ?? text.common.dash}</Fact>
          </>
        )}
      </FactList>
      {releasing ? <Release hold={hold} onClose={() => setReleasing(false)} /> : null}
    </>
  )
}

function Release({ hold, onClose }: { hold: HoldView; onClose: () => void }) {
  const { client } = useApi()
  const refreshed = useRefreshed()
  const release = useMutation({
    mutationFn: (reason: string) => client.retention.releaseHold({ id: hold.id, reason }),
    onSuccess: async () => {
      await refreshed()
      toast.success(words.releasedDone(count(hold.id)))
      onClose()
    },
  })
  return (
    <ReasonDialog
      title={words.releaseTitle(count(hold.id))}
      help={scopeInText(hold.scope, Date.now())}
      reasonHelp={text.retention.reasonHelp}
      confirm={words.releaseGo}
      danger={hold.headers > 0}
      busy={release.isPending}
      error={release.error}
      onConfirm={(reason) => release.mutate(reason)}
      onClose={onClose}
    >
      <p className="num">{words.releaseHelp(hold.headers, headersInText(hold.headers))}</p>
    </ReasonDialog>
  )
}
