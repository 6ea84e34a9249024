/** Review: the cases, and one of them with its evidence, its sealed samples and what follows. */

import { useCallback, useEffect, useState } from 'react'
import { toast } from 'sonner'
import { useMayWork } from '../../components/desk.ts'
import { text } from '../../text.ts'
import { Split } from '../../ui/split.tsx'
import { CaseBeside } from './case.tsx'
import { useFreshList } from './data.ts'
import { CaseList } from './list.tsx'
import { NewCase } from './new-case.tsx'
import { usePlace } from './place.ts'
import type { CaseSearch } from './view.ts'
import { type Opened, openedNow, Viewer } from './viewer.tsx'

const words = text.review

const SIDEBAR = 204
/** share of the window that a case gets beside the list, until a person moves the bar */
const DETAIL_SHARE = 0.64

export function CasesScreen() {
  const { id, view, account, opening, list, go } = usePlace()
  const mayWork = useMayWork()
  const [creating, setCreating] = useState<{ account?: string }>()
  const [opened, setOpened] = useState<Opened>()
  useFreshList()

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
            onAccount={(next) => go(id, { ...list, account: next || undefined } as CaseSearch, true)}
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
