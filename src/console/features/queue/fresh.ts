/** Keeps the queue's figures true: they are read again after changes, at most every second and a half. */

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useApi, useStream } from '../../api.ts'

const QUIET_MS = 1500
/** ages grow without any change */
const EVERY_MS = 15_000

/** Calls `refresh` after changes in the mail, and now and then. */
export function useQueueChanges(refresh: () => void): void {
  const { queries } = useApi()
  const cache = useQueryClient()
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const latest = useRef(refresh)
  latest.current = refresh

  const run = (): void => {
    timer.current = undefined
    // a figure that takes long to count is waited for, not asked anew
    void cache.invalidateQueries({ queryKey: queries.queue.key() }, { cancelRefetch: false })
    latest.current()
  }
  useStream(
    'queue',
    (client, signal) => client.messages.tail({ filter: {} }, { signal }),
    () => {
      timer.current ??= setTimeout(run, QUIET_MS)
    },
  )
  useEffect(() => {
    const every = setInterval(() => latest.current(), EVERY_MS)
    return () => {
      clearInterval(every)
      clearTimeout(timer.current)
      timer.current = undefined
    }
  }, [])
}
