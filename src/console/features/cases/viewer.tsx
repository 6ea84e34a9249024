/**
 * An opened sample, for the eyes of one person and some minutes. Its content lives in the state of this screen and
 * nowhere else: it goes when the viewer closes, when the address changes, when the page is left, and when its time is
 * over. Another window in front does not close it (the time goes on): it could not be opened again.
 */

import { EyeOff } from 'lucide-react'
import { type ReactNode, useEffect, useEffectEvent, useState } from 'react'
import type { SampleContentView } from '../../../contract/openings.ts'
import { count, size } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { classes } from '../../ui/classes.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { useKeys } from '../../ui/keys.ts'
import { Note } from '../../ui/note.tsx'
import { ScrollRegion } from '../../ui/scroll.tsx'
import { tableClass } from '../../ui/table.ts'
import { tabClass } from '../../ui/tabs.tsx'
import { HtmlView } from './html-view.tsx'
import { Watermark } from './watermark.tsx'

const words = text.review.viewer

const parts = ['text', 'html', 'headers', 'attachments'] as const
type Part = (typeof parts)[number]

const SECOND_MS = 1000
/** the last minute is shown as such */
const LAST_SECONDS = 60

export interface Opened {
  view: SampleContentView
  /** when it closes, milliseconds of this computer's clock */
  closesAt: number
}

/** Counts from now on, whatever the two clocks say. */
export function openedNow(view: SampleContentView): Opened {
  const openedAt = Date.parse(view.opening.openedAt ?? view.until)
  return { view, closesAt: Date.now() + Math.max(0, Date.parse(view.until) - openedAt) }
}

export interface ViewerProps {
  opened: Opened
  onClose: (by: 'person' | 'time') => void
}

export function Viewer({ opened, onClose }: ViewerProps) {
  const { view, closesAt } = opened
  const [part, setPart] = useState<Part>('text')
  const left = useSecondsLeft(closesAt, () => onClose('time'))
  const close = useEffectEvent(() => onClose('person'))
  useEffect(() => {
    // a page that is left may be kept whole by the browser, to come back to
    const leave = (): void => close()
    window.addEventListener('pagehide', leave)
    return () => window.removeEventListener('pagehide', leave)
  }, [])
  const shown = parts.filter((each) => each !== 'html' || view.html !== null)
  useKeys({
    Escape: () => onClose('person'),
    ...Object.fromEntries(shown.map((each, at) => [String(at + 1), () => setPart(each)])),
  })
  return (
    <section aria-label={words.label} className="flex min-h-0 flex-1 flex-col bg-panel print:hidden">
      <div className="flex items-center gap-3 border-line border-b bg-held-s px-[18px] py-[9px]">
        <EyeOff size={15} className="shrink-0 text-held" aria-hidden />
        <h1 className="shrink-0 font-semibold">{words.label}</h1>
        <span className="num min-w-0 truncate text-dim">{view.watermark}</span>
        <span
          role="timer"
          className={classes('num ml-auto shrink-0', left <= LAST_SECONDS ? 'font-[550] text-bad' : 'text-dim')}
        >
          {words.left(String(Math.floor(left / 60)), String(left % 60).padStart(2, '0'))}
        </span>
        <Button onClick={() => onClose('person')}>{words.close}</Button>
      </div>
      <Envelope view={view} />
      <div role="tablist" aria-label={words.parts} className="flex gap-1 border-line border-b px-[18px] pb-2.5">
        {shown.map((each) => (
          <button
            key={each}
            type="button"
            role="tab"
            id={`sample-tab-${each}`}
            aria-selected={each === part}
            aria-controls="sample-part"
            onClick={() => setPart(each)}
            className={tabClass(each === part)}
          >
            {each === 'attachments'
              ? words.attachments(view.attachments.length, count(view.attachments.length))
              : words[each]}
          </button>
        ))}
        <span className="ml-auto self-center text-faint text-sm">{part === 'html' ? words.htmlHelp : words.leave}</span>
      </div>
      <Limits limits={view.limits} />
      <div
        role="tabpanel"
        id="sample-part"
        aria-labelledby={`sample-tab-${part}`}
        className="relative flex min-h-0 flex-1 flex-col"
      >
        <Body part={part} view={view} />
        <Watermark words={view.watermark} />
      </div>
    </section>
  )
}

/** Seconds until a time; tells once when it is over, also after the computer has slept. */
function useSecondsLeft(closesAt: number, onOver: () => void): number {
  const [now, setNow] = useState(() => Date.now())
  const over = useEffectEvent(onOver)
  useEffect(() => {
    const look = (): void => {
      setNow(Date.now())
      if (Date.now() >= closesAt) over()
    }
    const timer = setInterval(look, SECOND_MS)
    document.addEventListener('visibilitychange', look)
    return () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', look)
    }
  }, [closesAt])
  return Math.max(0, Math.ceil((closesAt - now) / SECOND_MS))
}

function Envelope({ view }: { view: SampleContentView }) {
  return (
    <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-0.5 px-[18px] py-2.5 select-none [&_dt]:text-faint">
      <dt>{words.from}</dt>
      <dd className="mono truncate">{view.from || text.messages.noSender}</dd>
      <dt>{words.to}</dt>
      <dd className="mono truncate">{view.to.join(', ')}</dd>
      <dt>{words.reason}</dt>
      <dd className="truncate">{view.opening.reason}</dd>
    </dl>
  )
}

function Limits({ limits }: { limits: readonly string[] }) {
  if (limits.length === 0) return null
  return (
    <Note tone="warning" className="mx-[18px] mt-3">
      <ul>
        {limits.map((limit) => (
          <li key={limit}>{limit}</li>
        ))}
      </ul>
    </Note>
  )
}

function Body({ part, view }: { part: Part; view: SampleContentView }): ReactNode {
  switch (part) {
    case 'text':
      return <TextPart view={view} />
    case 'html':
      return view.html === null ? null : <HtmlView html={view.html} />
    case 'headers':
      return <Headers view={view} />
    case 'attachments':
      return <Attachments view={view} />
  }
}

const region = 'min-h-0 flex-1 overflow-y-auto px-[18px] py-4'

function TextPart({ view }: { view: SampleContentView }) {
  return (
    <ScrollRegion label={words.text} className={region}>
      {view.text.trim() === '' ? (
        <p className="text-dim">{view.html === null ? words.empty : words.noText}</p>
      ) : (
        <pre className="max-w-[90ch] whitespace-pre-wrap break-words font-sans text-[14px] leading-[1.55] select-none">
          {view.text}
        </pre>
      )}
    </ScrollRegion>
  )
}

/** Headers may be taken along: reports to other providers need them. */
function Headers({ view }: { view: SampleContentView }) {
  const written = view.headers.map(({ name, value }) => `${name}: ${value}`).join('\n')
  return (
    <ScrollRegion label={words.headers} className={region}>
      <CopyButton value={written} label={text.message.copyHeaders} className="mb-2">
        {text.message.copyHeaders}
      </CopyButton>
      <dl className="mono grid grid-cols-[minmax(120px,max-content)_minmax(0,1fr)] gap-x-4 gap-y-0.5 select-text">
        {view.headers.map(({ name, value }, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: fields of a header repeat, and their order never changes
          <div key={at} className="contents">
            <dt className="text-faint">{name}</dt>
            <dd className="whitespace-pre-wrap break-words">{value}</dd>
          </div>
        ))}
      </dl>
    </ScrollRegion>
  )
}

function Attachments({ view }: { view: SampleContentView }) {
  return (
    <ScrollRegion label={words.attachments(0, '')} className={region}>
      <p className="mb-3 text-dim">{view.attachments.length === 0 ? words.noAttachments : words.attachmentHelp}</p>
      {view.attachments.length === 0 ? null : (
        <div className="overflow-x-auto rounded-lg border border-line">
          <table className={tableClass}>
            <thead>
              <tr>
                <th>{words.column.name}</th>
                <th>{words.column.type}</th>
                <th>{words.column.size}</th>
                <th>{words.column.hash}</th>
              </tr>
            </thead>
            <tbody>
              {view.attachments.map(({ name, type, size: bytes, sha256 }, at) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: two may be equal in everything but their place
                <tr key={at}>
                  <td className="max-w-64 truncate select-none" title={name}>
                    {name || <span className="text-faint">{words.unnamed}</span>}
                  </td>
                  <td className="mono">{type}</td>
                  <td className="num whitespace-nowrap">{size(bytes)}</td>
                  <td className="mono break-all select-text">{sha256}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </ScrollRegion>
  )
}
