/** Where the log comes from: staff reads everything, an account holder the own account's. */

import { useMemo } from 'react'
import type { MessageDetailView } from '../../../contract/messages.ts'
import type { MessageSummary } from '../../../contract/shapes.ts'
import type { MessageFilter, ParsedFilter } from '../../../model/filter.ts'
import { useApi, useUser } from '../../api.ts'
import { text } from '../../text.ts'
import { toInput } from './live.ts'

export interface MessagePage {
  items: MessageSummary[]
  next: string | null
  /** days of which records may be missing here */
  unreadable: string[]
}

export interface MessageSource {
  /** the log of one account, whose holder reads it: nothing comes by itself, and nothing can be done to mail */
  own: boolean
  /** one page, newest first */
  list(filter: MessageFilter, limit: number, cursor: string | undefined, signal: AbortSignal): Promise<MessagePage>
  get(id: string, signal: AbortSignal): Promise<MessageDetailView>
  /** Tells the relay that the log is exported; undefined for who may not. */
  beginExport: ((filter: MessageFilter, form: 'csv' | 'jsonl', signal: AbortSignal) => Promise<unknown>) | undefined
  /** key of one message in the cache */
  keyOf(id: string): readonly unknown[]
}

/** The log of whoever is logged in. */
export function useMessageSource(): MessageSource {
  const { client, queries } = useApi()
  const { role } = useUser()
  const own = role === 'member'
  const exports = role === 'admin' || role === 'operator'
  return useMemo(
    () =>
      own
        ? {
            own,
            list: (filter, limit, cursor, signal) =>
              client.own.messages({ filter: toInput(filter), limit, cursor }, { signal }),
            get: (id, signal) => client.own.message({ id }, { signal }),
            // an account's own data
            beginExport: () => Promise.resolve(),
            keyOf: (id) => queries.own.message.queryKey({ input: { id } }),
          }
        : {
            own,
            list: (filter, limit, cursor, signal) =>
              client.messages.list({ filter: toInput(filter), limit, cursor }, { signal }),
            get: (id, signal) => client.messages.get({ id }, { signal }),
            beginExport: exports
              ? (filter, form, signal) => client.messages.export({ filter: toInput(filter), form }, { signal })
              : undefined,
            keyOf: (id) => queries.messages.get.queryKey({ input: { id } }),
          },
    [client, queries, own, exports],
  )
}

/** An account holder has one account: a filter that names any would be passed over by the relay without a word. */
export function withoutAccount(parsed: ParsedFilter): ParsedFilter {
  if (!parsed.ok || parsed.filter.account === undefined) return parsed
  return { ok: false, token: `account:${parsed.filter.account}`, problem: text.panel.messages.oneAccount }
}
