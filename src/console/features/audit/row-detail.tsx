/** One row of the audit log: who, what, on what, why, when; its facts; its place in the chain, recomputed here. */

import { useQuery } from '@tanstack/react-query'
import { ArrowDown, ArrowUp, FileQuestionMark } from 'lucide-react'
import { type Client, problemOf, useApi } from '../../api.ts'
import { SidePane } from '../../components/side-pane.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { CopyButton } from '../../ui/copy.tsx'
import { Fact, FactList } from '../../ui/facts.tsx'
import { Note } from '../../ui/note.tsx'
import { Proof } from '../../ui/proof.tsx'
import { Empty, ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { Time } from '../../ui/time.tsx'
import { type ChainRow, factsOf, type PersonalPart, personalOf, type Recomputed, recompute } from './chain.ts'
import { Erased } from './erased.tsx'
import { Related } from './related.tsx'
import { Values } from './values.tsx'

const words = text.audit

interface Placed {
  row: ChainRow
  previous: ChainRow | undefined
  next: ChainRow | undefined
  /** undefined where the browser cannot */
  recomputed: Recomputed | undefined
}

/** Reads a row with its neighbours; null when there is none of this number. */
async function readRow(client: Client, sequence: number, signal: AbortSignal): Promise<Placed | null> {
  const after = Math.max(0, sequence - 2)
  const { rows } = await client.audit.rows({ after, limit: 3 }, { signal })
  const find = (wanted: number) => rows.find((row) => row.sequence === wanted)
  const row = find(sequence)
  if (!row) return null
  const previous = find(sequence - 1)
  return { row, previous, next: find(sequence + 1), recomputed: await recompute(row, previous?.hash ?? '') }
}

export interface RowDetailProps {
  /** the number, as written in the address */
  row: string
  onOpen: (row: string | undefined, replace?: boolean) => void
}

export function RowDetail({ row, onOpen }: RowDetailProps) {
  const { client, queries } = useApi()
  const sequence = Number(row)
  const valid = Number.isSafeInteger(sequence) && sequence > 0
  const read = useQuery({
    queryKey: [...queries.audit.rows.key(), 'one', sequence],
    queryFn: ({ signal }) => readRow(client, sequence, signal),
    enabled: valid,
  })
  return (
    <SidePane
      label={words.row.name(valid ? count(sequence) : row)}
      closeLabel={words.row.close}
      onClose={() => onOpen(undefined)}
    >
      {read.data ? (
        <Loaded placed={read.data} onOpen={onOpen} />
      ) : read.isError ? (
        <ProblemNote {...problemOf(read.error)} onRetry={() => void read.refetch()} className="mt-8" />
      ) : read.data === null || !valid ? (
        <Empty
          icon={<FileQuestionMark size={26} strokeWidth={1.4} />}
          title={words.row.gone}
          help={words.row.goneHelp}
        />
      ) : (
        <div className="pt-1 pr-10">
          <SkeletonLines lines={9} />
        </div>
      )}
    </SidePane>
  )
}

function Loaded({ placed, onOpen }: { placed: Placed; onOpen: RowDetailProps['onOpen'] }) {
  const { row } = placed
  const personal = personalOf(row)
  const facts = factsOf(row)
  return (
    <>
      <h2 className="pr-8 font-semibold text-lg tracking-[-0.01em]">{words.action(row.action)}</h2>
      <p className="flex items-center gap-2 text-dim">
        <span className="num">{words.row.name(count(row.sequence))}</span>
        <span className="mono">{row.action}</span>
      </p>
      <div className="mt-3">
        <FactList>
          <Fact name={words.column.at}>
            <Time at={row.at} />
          </Fact>
          <Personal personal={personal} />
        </FactList>
      </div>
      <Related object={personal?.object ?? ''} facts={facts} />
      {personal ? <Values title={words.row.details} values={personal.details} /> : null}
      <Values title={words.row.facts} values={facts} help={words.row.factsHelp} />
      <InChain placed={placed} onOpen={onOpen} />
      <div className="mt-4">
        <CopyButton
          value={JSON.stringify(row, null, 2)}
          label={words.row.copy}
          className="h-6 border border-line bg-raised px-1.5"
        >
          {words.row.copy}
        </CopyButton>
      </div>
    </>
  )
}

function Personal({ personal }: { personal: PersonalPart | undefined }) {
  if (!personal) {
    return (
      <Fact name={words.row.personal} help={words.erasedHelp}>
        <Erased />
      </Fact>
    )
  }
  return (
    <>
      <Fact name={words.column.actor}>
        <span className="mono select-text">{personal.actor}</span>
        {words.actors[personal.actor] ? <span className="text-faint"> {words.actors[personal.actor]}</span> : null}
      </Fact>
      <Fact name={words.column.object}>
        <span className="break-words select-text">{personal.object || text.common.dash}</span>
      </Fact>
      <Fact name={words.column.reason}>
        <span className="break-words select-text">{personal.reason || text.common.dash}</span>
      </Fact>
    </>
  )
}

function InChain({ placed, onOpen }: { placed: Placed; onOpen: RowDetailProps['onOpen'] }) {
  const { row, previous, next, recomputed } = placed
  return (
    <section aria-label={words.row.chain} className="mt-5">
      <h3 className="section-title">{words.row.chain}</h3>
      {recomputed ? (
        <Note tone={recomputed.startsWith('agrees') ? 'good' : 'bad'} className="mt-2">
          {words.row[recomputed]}
        </Note>
      ) : null}
      <div className="mt-2 grid gap-px overflow-hidden rounded-md border border-line bg-line">
        <Neighbour label={words.row.next} row={next} none={words.row.last} up onOpen={onOpen} />
        <div className="grid grid-cols-[104px_minmax(0,1fr)] items-center gap-2 bg-row-on px-2.5 py-1.5">
          <span className="num font-[550]">{words.row.name(count(row.sequence))}</span>
          <span className="mono truncate">{row.hash}</span>
        </div>
        <Neighbour label={words.row.previous} row={previous} none={words.row.first} onOpen={onOpen} />
      </div>
      <Proof label={words.row.hash} help={words.row.hashHelp} value={row.hash} />
      <Proof label={words.row.commitment} help={words.row.commitmentHelp} value={row.commitment} />
    </section>
  )
}

interface NeighbourProps {
  label: string
  row: ChainRow | undefined
  /** what to say when there is none */
  none: string
  up?: boolean
  onOpen: RowDetailProps['onOpen']
}

function Neighbour({ label, row, none, up, onOpen }: NeighbourProps) {
  if (!row) return <div className="bg-panel px-2.5 py-1.5 text-faint">{none}</div>
  const Icon = up ? ArrowUp : ArrowDown
  return (
    <button
      type="button"
      onClick={() => onOpen(String(row.sequence), true)}
      className="grid grid-cols-[104px_minmax(0,1fr)] items-center gap-2 bg-panel px-2.5 py-1.5 text-left hover:bg-row-hover focus-visible:outline-offset-[-2px]"
    >
      <span className="num inline-flex items-center gap-1 text-dim" title={label}>
        <Icon size={12} aria-hidden />
        <span className="sr-only">{label}: </span>
        {words.row.name(count(row.sequence))}
      </span>
      <span className="mono truncate text-dim">{row.hash}</span>
    </button>
  )
}
