/** What the live tail does to the list: rows on top while the list is watched, a count while it is not. */

import { useCallback, useEffect, useRef, useState } from 'react'
import type { MessageFilterInput, MessageSummary } from '../../../contract/shapes.ts'
import type { MessageFilter } from '../../../model/filter.ts'
import { parseId } from '../../../model/id.ts'
import { matches } from '../../../model/match.ts'
import { useStream } from '../../api.ts'
import type { PagedRows } from '../../ui/grid/paged-rows.ts'

/** The filter in the shape of the contract, which writes times as ISO 8601. */
export function toInput({ since, until, ...rest }: MessageFilter): MessageFilterInput {
  return {
    ...rest,
    ...(since === undefined ? {} : { since: new Date(since).toISOString() }),
    ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
  }
}

/** Whether a changed message belongs into the list. The tail is asked without the status, see below. */
function belongs(filter: MessageFilter, row: MessageSummary): boolean {
  const id = parseId(row.id)
  if (id === undefined) return false
  return matches(filter, { ...row, id, acceptedAt: Date.parse(row.acceptedAt), clientAddress: row.client.address })
}

export interface LiveOptions {
  written: string
  filter: MessageFilter
  rows: PagedRows<MessageSummary>
  /** whether there is a tail to follow */
  followed: boolean
  /** whether new rows may move the list now */
  watched: boolean
}

export interface Live {
  /** rows that wait to be shown */
  waiting: number
  /** more than could be counted */
  missed: boolean
  /** Shows what waits. */
  show: () => void
  /** whether a row has just arrived */
  isFresh: (id: string) => boolean
}

const MOST_WAITING = 500
const FRESH_MS = 2000

/**
 * Follows the tail. It is asked without status and doubt, so that a row that no longer matches (a deferred message that
 * has been delivered) still changes before the reader's eyes instead of telling yesterday's truth.
 */
export function useLive({ written, filter, rows, followed: follows, watched }: LiveOptions): Live {
  const [waiting, setWaiting] = useState<MessageSummary[]>([])
  const [missed, setMissed] = useState(false)
  const [fresh, setFresh] = useState<ReadonlySet<string>>(new Set())
  const started = useRef(false)

  const restart = useCallback((): void => {
    setWaiting([])
    setMissed(false)
    rows.reset()
  }, [rows])

  const { status: _status, inDoubt: _inDoubt, ...followed } = filter
  useStream(
    follows ? written : undefined,
    (client, signal) => client.messages.tail({ filter: toInput(followed) }, { signal }),
    ({ items, missed: lost }) => {
      const top = rows.row(0)?.id ?? ''
      const arrived = rows.replace(items).filter((row) => row.id > top && belongs(filter, row))
      arrived.sort((a, b) => (a.id < b.id ? 1 : -1))
      if (lost > 0) watched ? restart() : setMissed(true)
      if (arrived.length === 0) return
      if (!watched) return setWaiting((old) => merge(arrived, old))
      rows.prepend(arrived)
      setFresh(new Set(arrived.map((row) => row.id)))
    },
    () => {
      // after a reconnect nobody knows what has been missed
      if (started.current && rows.started) watched ? restart() : setMissed(true)
      started.current = true
    },
  )

  useEffect(() => {
    if (fresh.size === 0) return
    const timer = setTimeout(() => setFresh(new Set()), FRESH_MS)
    return () => clearTimeout(timer)
  }, [fresh])

  // biome-ignore lint/correctness/useExhaustiveDependencies: another list starts with nothing waiting
  useEffect(() => {
    setWaiting([])
    setMissed(false)
  }, [rows])

  const show = useCallback((): void => {
    if (missed || waiting.length >= MOST_WAITING) {
      restart()
      return
    }
    rows.prepend(waiting)
    setWaiting([])
  }, [missed, waiting, rows, restart])

  useEffect(() => {
    if (watched && (waiting.length > 0 || missed)) show()
  }, [watched, waiting.length, missed, show])

  return { waiting: waiting.length, missed, show, isFresh: (id) => fresh.has(id) }
}

/** Newest first, each message once, at its latest. */
function merge(arrived: readonly MessageSummary[], old: readonly MessageSummary[]): MessageSummary[] {
  const ids = new Set(arrived.map((row) => row.id))
  return [...arrived, ...old.filter((row) => !ids.has(row.id))]
    .sort((a, b) => (a.id < b.id ? 1 : -1))
    .slice(0, MOST_WAITING)
}
