/** The columns of a grid: which, in what order, how wide. What a person changes is remembered. */

import {
  type ColumnDef,
  columnOrderingFeature,
  columnResizingFeature,
  columnSizingFeature,
  columnVisibilityFeature,
  metaHelper,
  tableFeatures,
  useTable,
} from '@tanstack/react-table'
import { type ReactNode, useMemo, useState } from 'react'
import { useStored } from '../stored.ts'

export interface GridColumn<T> {
  id: string
  header: string
  /** pixels, until a person sets another width */
  size: number
  minSize?: number
  /** share of the room that is left over */
  grow?: number
  align?: 'end'
  /** left out while there is no room for all: the highest first; without it never */
  yields?: number
  /** not shown until chosen */
  hidden?: boolean
  render: (row: T) => ReactNode
}

interface Meta {
  grow: number | undefined
  align: 'end' | undefined
}

const features = tableFeatures({
  columnOrderingFeature,
  columnVisibilityFeature,
  columnSizingFeature,
  columnResizingFeature,
  columnMeta: metaHelper<Meta>(),
})

/** The rows are none of the table's business: millions of them come from {@link PagedRows}. */
type NoRow = Record<string, never>
const noRows: NoRow[] = []

interface Layout {
  order: string[]
  sizes: Record<string, number>
  visible: Record<string, boolean>
}

function isLayout(value: unknown): value is Layout {
  return typeof value === 'object' && value !== null && 'order' in value && 'sizes' in value && 'visible' in value
}

function apply<V>(updater: V | ((old: V) => V), old: V): V {
  return typeof updater === 'function' ? (updater as (old: V) => V)(old) : updater
}

/** The remembered column layout of the grid called `name`, as a table without rows. */
export function useColumns<T>(name: string, columns: readonly GridColumn<T>[]) {
  const [room, setRoom] = useState(Number.POSITIVE_INFINITY)
  const first = useMemo<Layout>(
    () => ({
      order: columns.map((column) => column.id),
      sizes: {},
      visible: Object.fromEntries(columns.map((column) => [column.id, !column.hidden])),
    }),
    [columns],
  )
  const [layout, setLayout] = useStored(`columns.${name}`, first, isLayout)
  const definitions = useMemo<ColumnDef<typeof features, NoRow>[]>(
    () =>
      columns.map(({ id, header, size, minSize = 56, grow, align }) => ({
        id,
        header,
        size,
        minSize,
        meta: { grow, align },
      })),
    [columns],
  )
  const table = useTable({
    features,
    columns: definitions,
    data: noRows,
    columnResizeMode: 'onChange',
    state: { columnOrder: layout.order, columnSizing: layout.sizes, columnVisibility: layout.visible },
    onColumnOrderChange: (updater) => setLayout({ ...layout, order: apply(updater, layout.order) }),
    onColumnSizingChange: (updater) => setLayout({ ...layout, sizes: apply(updater, layout.sizes) }),
    onColumnVisibilityChange: (updater) => setLayout({ ...layout, visible: apply(updater, layout.visible) }),
  })
  const tracks = fitting(
    table.getVisibleLeafColumns().map((column) => {
      const definition = columns.find((each) => each.id === column.id)
      const grow = layout.sizes[column.id] ? undefined : definition?.grow
      return { id: column.id, size: column.getSize(), grow, yields: definition?.yields ?? 0 }
    }),
    room,
  )
  const ids = tracks.map((track) => track.id).join(' ')
  const inOrder = useMemo(() => ids.split(' ').flatMap((id) => columns.find((c) => c.id === id) ?? []), [ids, columns])
  return {
    table,
    /** columns on screen, in order */
    shown: inOrder,
    /** names of the columns on screen, in order */
    ids: inOrder.map((column) => column.id),
    /** all columns, in order */
    all: table.getAllLeafColumns(),
    /** value for CSS grid-template-columns */
    template: templateOf(tracks),
    /** pixels below which the grid scrolls sideways */
    least: widthOf(tracks),
    /** tells how many pixels there are */
    setRoom,
    reset: () => setLayout(first),
    move: (id: string, to: number) => {
      const order = table.getAllLeafColumns().map((column) => column.id)
      const rest = order.filter((other) => other !== id)
      rest.splice(to, 0, id)
      setLayout({ ...layout, order: rest })
    },
    setSize: (id: string, size: number) => setLayout({ ...layout, sizes: { ...layout.sizes, [id]: size } }),
  }
}

/** A layout, whatever its rows are. */
export type Columns = Omit<ReturnType<typeof useColumns>, 'shown'>

/** A layout with the way to draw its cells. */
export type ColumnsOf<T> = Columns & { shown: GridColumn<T>[] }

interface Track {
  id: string
  size: number
  grow: number | undefined
  yields: number
}

function widthOf(tracks: readonly Track[]): number {
  return tracks.reduce((sum, track) => sum + track.size, 0)
}

/** The columns there is room for. Those that yield go first; what is left scrolls sideways. */
function fitting(tracks: readonly Track[], room: number): readonly Track[] {
  if (widthOf(tracks) <= room) return tracks
  const first = tracks.reduce<Track | undefined>(
    (most, track) => (track.yields > (most?.yields ?? 0) ? track : most),
    undefined,
  )
  return first
    ? fitting(
        tracks.filter((track) => track !== first),
        room,
      )
    : tracks
}

function templateOf(columns: readonly Track[]): string {
  const tracks = columns.map(({ size, grow }) => (grow ? `minmax(${size}px, ${grow}fr)` : `${size}px`))
  // when every column has a width of its own, the room that is left over stays empty at the end
  if (!columns.some((column) => column.grow)) tracks.push('minmax(0, 1fr)')
  return tracks.join(' ')
}
