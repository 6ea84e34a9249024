/** One receipt in full: what went, the digest that proves it, the signature. */

import { useQuery } from '@tanstack/react-query'
import { FileQuestionMark } from 'lucide-react'
import type { ReceiptView } from '../../../contract/retention.ts'
import { type Client, problemOf, useApi } from '../../api.ts'
import { SidePane } from '../../components/side-pane.tsx'
import { count, size, utcDay } from '../../format.ts'
import { text } from '../../text.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { Fact, FactList } from '../../ui/facts.tsx'
import { Note } from '../../ui/note.tsx'
import { Proof } from '../../ui/proof.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'

const words = text.retention.receipts
const PAGE = 1000

/** Looks for a receipt from the newest on; their numbers only fall. */
async function findReceipt(client: Client, id: number, signal: AbortSignal): Promise<ReceiptView | null> {
  let cursor: string | undefined
  do {
    const { receipts, next } = await client.retention.receipts({ limit: PAGE, cursor }, { signal })
    const found = receipts.find((receipt) => receipt.id === id)
    if (found) return found
    if ((receipts.at(-1)?.id ?? 0) < id) return null
    cursor = next ?? undefined
  } while (cursor !== undefined)
  return null
}

export interface ReceiptDetailProps {
  id: number
  /** the receipt, when the list has it */
  known: ReceiptView | undefined
  onClose: () => void
}

export function ReceiptDetail({ id, known, onClose }: ReceiptDetailProps) {
  const { client, queries } = useApi()
  const found = useQuery({
    queryKey: [...queries.retention.receipts.key(), 'one', id],
    queryFn: ({ signal }) => findReceipt(client, id, signal),
    enabled: known === undefined,
  })
  const receipt = known ?? found.data
  return (
    <SidePane label={words.name(count(id))} closeLabel={words.close} onClose={onClose}>
      {receipt ? (
        <Loaded receipt={receipt} />
      ) : found.isError ? (
        <ProblemNote {...problemOf(found.error)} onRetry={() => void found.refetch()} className="mt-8" />
      ) : found.data === null ? (
        <Empty icon={<FileQuestionMark size={26} strokeWidth={1.4} />} title={words.gone} />
      ) : (
        <div className="pt-1 pr-10">
          <SkeletonLines lines={8} />
        </div>
      )}
    </SidePane>
  )
}

function Loaded({ receipt }: { receipt: ReceiptView }) {
  const { column } = words
  return (
    <>
      <h2 className="num pr-8 font-semibold text-lg tracking-[-0.01em]">{words.name(count(receipt.id))}</h2>
      <p className="text-dim">{words.kindHelp[receipt.kind]}</p>
      <Note tone={receipt.valid ? 'good' : 'bad'} alert={!receipt.valid} className="my-3">
        {receipt.valid ? words.validHelp : words.invalidHelp}
      </Note>
      <FactList>
        <Fact name={column.at}>
          <Time at={receipt.at} />
        </Fact>
        <Fact name={column.day}>
          {receipt.day === null ? <span className="text-faint">{words.notOfADay}</span> : utcDay(receipt.day)}
        </Fact>
        <Fact name={column.headers}>
          <span className="num">{count(receipt.headers)}</span>
        </Fact>
        <Fact name={column.samples}>
          <span className="num">{count(receipt.samples)}</span>
        </Fact>
        <Fact name={column.bodies}>
          <span className="num">{count(receipt.bodies)}</span>
        </Fact>
        <Fact name={words.sizeOnDisk}>
          <span className="num">{words.bytesGone(size(receipt.bytesBefore), size(receipt.bytesAfter))}</span>
        </Fact>
        <Fact name={column.orphans} help={words.orphansHelp}>
          <span className="num">{count(receipt.orphans)}</span>
        </Fact>
      </FactList>
      <Proof label={column.digest} help={words.digestHelp} value={receipt.digest} />
      <Proof label={column.signature} help={words.signatureHelp} value={receipt.signature} />
      <div className="mt-4">
        <CopyButton
          value={JSON.stringify(receipt, null, 2)}
          label={words.copyAll}
          className="h-6 border border-line bg-raised px-1.5"
        >
          {words.copyAll}
        </CopyButton>
      </div>
    </>
  )
}
