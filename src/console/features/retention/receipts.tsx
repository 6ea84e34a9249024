/** Receipts of deletions, newest first, and one of them in full. */

import { useNavigate } from '@tanstack/react-router'
import { ReceiptText } from 'lucide-react'
import { useCallback, useRef, useState } from 'react'
import type { ReceiptView } from '../../../contract/retention.ts'
import { problemOf, useApi } from '../../api.ts'
import { useRetryOnReconnect } from '../../components/retry.ts'
import { text } from '../../text.ts'
import { useColumns } from '../../ui/grid/columns.ts'
import { Grid, type GridHandle } from '../../ui/grid/grid.tsx'
import { usePaged } from '../../ui/grid/use-paged.ts'
import { useKeys } from '../../ui/keys.ts'
import { Split } from '../../ui/split.tsx'
import { Empty, ProblemNote } from '../../ui/state.tsx'
import { useAuditGrowth } from './fresh.ts'
import { receiptColumns } from './receipt-columns.tsx'
import { ReceiptDetail } from './receipt-detail.tsx'

const words = text.retention.receipts

function keyOf(receipt: ReceiptView): string {
  return String(receipt.id)
}

/** @param id of the receipt that is open, as written in the address */
export function Receipts({ id }: { id: string | undefined }) {
  const { client } = useApi()
  const navigate = useNavigate()
  const columns = useColumns('receipts', receiptColumns)
  const [cursor, setCursor] = useState<string>()
  const [atTop, setAtTop] = useState(true)
  const grid = useRef<GridHandle>(null)
  const rows = usePaged<ReceiptView>(
    'receipts',
    async (from, limit, signal) => {
      const { receipts, next } = await client.retention.receipts({ limit, cursor: from }, { signal })
      return { items: receipts, next }
    },
    keyOf,
  )
  useRetryOnReconnect(rows)
  useAuditGrowth(() => {
    if (atTop) rows.reset()
  })
  const onRange = useCallback((first: number, last: number) => rows.want(first, last), [rows])
  const open = useCallback(
    (next: string | undefined, replace = false): void => {
      setCursor(next)
      void navigate({
        to: '/retention/{-$view}/{-$id}',
        params: { view: 'receipts', id: next },
        search: {},
        replace,
      })
    },
    [navigate],
  )
  const openRow = useCallback((key: string): void => open(key), [open])
  useKeys({
    j: () => grid.current?.move(1),
    k: () => grid.current?.move(-1),
    Enter: () => grid.current?.open(),
    Escape: () => id !== undefined && open(undefined),
    'g g': () => grid.current?.toTop(),
  })
  const problem = rows.error === undefined ? undefined : problemOf(rows.error)
  return (
    <>
      {problem ? (
        <div className="border-line border-b bg-panel p-3">
          <ProblemNote what={problem.what || words.failed} change={problem.change} onRetry={() => rows.retry()} />
        </div>
      ) : null}
      <Split
        name="receipts"
        label={words.title}
        main={
          <Grid
            key={rows.number}
            handle={grid}
            label={words.list}
            columns={columns}
            rows={rows}
            version={rows.version}
            keyOf={keyOf}
            current={id ?? cursor}
            onCurrent={(key) => (id === undefined ? setCursor(key) : open(key, true))}
            onOpen={openRow}
            onRange={onRange}
            onScrolled={setAtTop}
            empty={
              <Empty icon={<ReceiptText size={26} strokeWidth={1.4} />} title={words.none} help={words.noneHelp} />
            }
          />
        }
        side={
          id === undefined ? undefined : (
            <ReceiptDetail
              key={id}
              id={Number(id)}
              known={rows.row(rows.indexOf(id) ?? -1)}
              onClose={() => open(undefined)}
            />
          )
        }
      />
    </>
  )
}
