/** Forwarding: which accounts, and both letters before they go out. */

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { SkeletonLines } from '../../ui/state.tsx'
import { AccountField, useAccountNames } from './account-field.tsx'
import { useMutationAction } from './data.ts'
import { isWhole, type Letter, LetterEditor, letterInput, type RequestDialogProps } from './letter-editor.tsx'
import { sendersOf } from './path.ts'

const words = text.requests.forward
const MOST = 50

/** Those the search has found are chosen; others can be added. */
function useChoice(found: readonly { account: string; records: number }[]) {
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set())
  const [added, setAdded] = useState<readonly string[]>([])
  const offered = [
    ...found,
    ...added
      .filter((name) => !found.some(({ account }) => account === name))
      .map((account) => ({ account, records: 0 })),
  ]
  return {
    offered,
    chosen: offered
      .map(({ account }) => account)
      .filter((name) => !left.has(name))
      .slice(0, MOST),
    toggle: (name: string) =>
      setLeft(new Set(left.has(name) ? [...left].filter((each) => each !== name) : [...left, name])),
    add: (name: string) => setAdded([...added, name]),
  }
}

export function Forward({ request, onClose }: RequestDialogProps) {
  const { client, queries } = useApi()
  const { offered, chosen, toggle, add } = useChoice(request.search ? sendersOf(request.search) : [])
  const [writing, setWriting] = useState('')
  const [edited, setEdited] = useState<Letter>()
  const names = useAccountNames()
  const drafts = useQuery(
    queries.requests.previewForward.queryOptions({
      input: { id: request.id, accounts: chosen },
      enabled: chosen.length > 0,
      placeholderData: keepPreviousData,
      gcTime: 0,
    }),
  )
  const forward = useMutationAction(
    () => client.requests.forward({ id: request.id, accounts: chosen, ...letterInput(edited) }),
    () => {
      toast.success(words.sent)
      onClose()
    },
  )
  const isReady = chosen.length > 0 && drafts.data !== undefined && !drafts.isPlaceholderData && isWhole(edited)
  const problem = forward.error ?? drafts.error
  return (
    <FormDialog
      title={words.dialog(request.id)}
      description={words.help}
      submit={words.send(chosen.length)}
      broad
      ready={isReady && !forward.isPending}
      problem={problem ? problemOf(problem) : undefined}
      onSubmit={() => forward.mutate(undefined)}
      onClose={onClose}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
        <fieldset className="contents">
          <legend className="sr-only">{words.choose}</legend>
          {offered.map(({ account, records }) => (
            <label key={account} className="flex items-center gap-2">
              <input
                type="checkbox"
                checked={chosen.includes(account)}
                onChange={() => toggle(account)}
                className="size-3.5 accent-accent"
              />
              <span className="font-[550]">{account}</span>
              {records > 0 ? (
                <span className="num text-dim">{text.requests.search.records(records, count(records))}</span>
              ) : null}
            </label>
          ))}
        </fieldset>
        <span className="ml-auto w-52">
          <AccountField
            label={words.add}
            placeholder={words.addPlaceholder}
            value={writing}
            problem={undefined}
            onChange={(name) => {
              const isNew = names?.includes(name) && !offered.some(({ account }) => account === name)
              if (isNew) add(name)
              setWriting(isNew ? '' : name)
            }}
          />
        </span>
      </div>
      {offered.length === 0 ? (
        <p className="text-dim">{request.search?.state === 'done' ? words.noneFound : words.search}</p>
      ) : null}
      {chosen.length > 0 ? (
        <div className="grid grid-cols-2 gap-3">
          <LetterEditor title={words.person} draft={drafts.data?.person} edited={edited} rows={13} onEdit={setEdited} />
          <div className="grid min-w-0 content-start gap-3">
            {drafts.data ? (
              drafts.data.accounts.map((letter) => <Fixed key={letter.to} letter={letter} few={chosen.length < 2} />)
            ) : (
              <SkeletonLines lines={5} />
            )}
            <p className="text-faint text-sm">{words.fixed}</p>
          </div>
        </div>
      ) : (
        <p className="text-dim">{offered.length > 0 ? words.none : ''}</p>
      )}
    </FormDialog>
  )
}

/** A letter that cannot be edited. */
function Fixed({ letter, few }: { letter: Letter & { to: string }; few: boolean }) {
  return (
    <div className="min-w-0 rounded-md border border-line bg-sunken">
      <div className="px-3 pt-2.5">
        <span className="font-[550]">{words.contact}</span> <span className="mono text-dim">{letter.to}</span>
        <p className="mt-1 font-[550] select-text">{letter.subject}</p>
      </div>
      <ScrollRegion
        label={words.account(letter.to)}
        className={few ? 'max-h-72 overflow-y-auto px-3 pt-1 pb-2.5' : 'max-h-32 overflow-y-auto px-3 pt-1 pb-2.5'}
      >
        <p className="whitespace-pre-wrap break-words text-dim select-text">{letter.text}</p>
      </ScrollRegion>
    </div>
  )
}
