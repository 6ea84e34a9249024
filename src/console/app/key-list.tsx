/** The list of keys. */

import { Fragment } from 'react'
import { text } from '../text.ts'
import { Dialog } from '../ui/dialog.tsx'
import { Key } from '../ui/key.tsx'
import { modifier } from '../ui/keys.ts'
import { type Screen, screenKeys } from './roles.ts'

const words = text.keys

const goes: Record<Screen, string> = {
  overview: words.goOverview,
  messages: words.goMessages,
  queue: words.goQueue,
  review: words.goReview,
  accounts: words.goAccounts,
  requests: words.goRequests,
  retention: words.goRetention,
  audit: words.goAudit,
  settings: words.goSettings,
}

const inLists: [string[], string][] = [
  [['j', '↓'], words.next],
  [['k', '↑'], words.previous],
  [['Enter'], words.open],
  [['Esc'], words.close],
  [['x'], words.select],
  [['l'], words.live],
]

const onCases: [string[], string][] = [
  [['t'], text.review.keys.take],
  [['b', 'n', 'u'], text.review.keys.verdict],
  [['a'], text.review.keys.act],
  [['e'], text.review.keys.close],
  [['v'], text.review.keys.reopen],
  [['w'], text.review.keys.note],
  [['s'], text.review.keys.attach],
  [['o'], text.review.keys.open],
  [['y', 'r'], text.review.keys.approve],
  [['1', '…', '4'], text.review.keys.tabs],
  [['c'], text.review.keys.create],
]

const onRequests: [string[], string][] = [
  [['n'], text.requests.keys.next],
  [['t'], text.requests.keys.take],
  [['i'], text.requests.keys.identity],
  [['o'], text.requests.keys.evidence],
  [['s'], text.requests.keys.search],
  [['f'], text.requests.keys.forward],
  [['d'], text.requests.keys.decide],
  [['r'], text.requests.keys.refuse],
  [['w'], text.requests.keys.note],
  [['c'], text.requests.keys.create],
]

export interface KeyListProps {
  open: boolean
  onClose: () => void
  screens: readonly Screen[]
}

export function KeyList({ open, onClose, screens }: KeyListProps) {
  const anywhere: [string[], string][] = [
    [[`${modifier} K`], words.palette],
    [['/'], words.search],
    ...screens.map((screen): [string[], string] => [['g', screenKeys[screen]], goes[screen]]),
    [[`${modifier} B`], words.sidebar],
    [['?'], words.help],
  ]
  return (
    <Dialog open={open} onClose={onClose} title={words.title} wide>
      <div className="grid grid-cols-2 gap-8 px-5 pt-2 pb-5">
        <div className="grid content-start gap-6">
          <Keys title={words.anywhere} keys={anywhere} />
          {screens.includes('requests') ? <Keys title={text.requests.keys.title} keys={onRequests} /> : null}
        </div>
        <div className="grid content-start gap-6">
          <Keys title={words.lists} keys={inLists} />
          {screens.includes('review') ? <Keys title={text.review.keys.title} keys={onCases} /> : null}
        </div>
      </div>
    </Dialog>
  )
}

export function Keys({ title, keys }: { title: string; keys: [string[], string][] }) {
  return (
    <div>
      <h3 className="section-title mb-2">{title}</h3>
      <dl className="grid grid-cols-[1fr_auto] items-center gap-y-1.5">
        {keys.map(([names, what]) => (
          <Fragment key={what}>
            <dt>{what}</dt>
            <dd className="flex justify-end gap-1">
              {names.map((name) => (
                <Key key={name}>{name}</Key>
              ))}
            </dd>
          </Fragment>
        ))}
      </dl>
    </div>
  )
}
