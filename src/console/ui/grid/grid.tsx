// biome-ignore-all lint/a11y/useSemanticElements: table elements cannot hold rows that are placed by themselves
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid keeps the focus for its rows (aria-activedescendant)
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid takes the keys for all its rows
/** A list of any length in columns: virtual rows, one of them current, some perhaps selected. Knows nothing of mail. */

import {
  type KeyboardEvent,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useId,
  useImperativeHandle,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { flushSync } from 'react-dom'
import { classes } from '../classes.ts'
import type { ColumnsOf, GridColumn } from './columns.ts'
import { GridHeader } from './header.tsx'
import { canvasHeight, type ListMeasure, recentre, reveal, visibleRows } from './scroll-window.ts'

/** Where the rows come from. */
export interface GridRows<T> {
  count: number
  /** whether there may be more beyond `count` */
  ended: boolean
  row(index: number): T | undefined
  indexOf(key: string): number | undefined
}

export interface GridSelection {
  has(key: string): boolean
  /** `range`: also everything between the last one touched and this */
  toggle(key: string, index: number, range: boolean): void
  label(key: string): string
  headCell: ReactNode
}

export interface GridHandle {
  /** Makes the row `delta` away from the current one current. */
  move(delta: number): void
  /** Opens the current row. */
  open(): void
  /** Selects or deselects the current row. */
  toggle(): void
  toTop(): void
}

export interface GridProps<T> {
  label: string
  columns: ColumnsOf<T>
  rows: GridRows<T>
  /** grows when the rows change */
  version: number
  keyOf: (row: T) => string
  current: string | undefined
  onCurrent: (key: string, row: T) => void
  onOpen: (key: string, row: T) => void
  onRange: (first: number, last: number) => void
  onScrolled?: (atTop: boolean) => void
  selection?: GridSelection
  rowClass?: (row: T) => string | undefined
  empty?: ReactNode
  handle?: RefObject<GridHandle | null>
  /** pixels */
  rowHeight?: number
}

export const ROW_HEIGHT = 32
const HEADER_HEIGHT = 30
const OVERSCAN = 12
/** rows drawn as skeletons while nothing, or the next page, is on its way */
const WAITING_ROWS = 12
const LEAD = 34

interface View {
  origin: number
  first: number
  last: number
}

export function Grid<T>(props: GridProps<T>) {
  const { columns, rows, keyOf, selection, rowHeight = ROW_HEIGHT } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const [viewport, setViewport] = useState(0)
  const [view, setView] = useState<View>({ origin: 0, first: 0, last: 0 })
  const count = rows.count + (rows.ended ? 0 : WAITING_ROWS)
  const measure = useMemo<ListMeasure>(() => ({ count, rowHeight, viewport }), [count, rowHeight, viewport])
  const lead = selection ? LEAD : 0
  const { setRoom } = columns

  const look = useCallback(
    (origin: number, scrollTop: number): void => {
      const next = recentre(measure, { origin, scrollTop })
      const range = visibleRows(measure, next, OVERSCAN)
      const set = (): void =>
        setView((old) =>
          old.origin === next.origin && old.first === range.first && old.last === range.last
            ? old
            : { origin: next.origin, ...range },
        )
      if (next.origin === origin || !scroller.current) {
        set()
        return
      }
      // the window over the rows moves and the scroll with it, before anything is painted
      flushSync(set)
      scroller.current.scrollTop = next.scrollTop
    },
    [measure],
  )

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return
    const observer = new ResizeObserver(() => {
      setViewport(Math.max(0, element.clientHeight - HEADER_HEIGHT))
      setRoom(element.clientWidth - lead)
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [setRoom, lead])

  useLayoutEffect(() => {
    look(view.origin, scroller.current?.scrollTop ?? 0)
  }, [look, view.origin])

  const { onRange } = props
  useEffect(() => {
    if (view.last > view.first) onRange(view.first, Math.min(view.last, rows.count + (rows.ended ? 0 : 1)))
  }, [onRange, view.first, view.last, rows.count, rows.ended])

  const show = (index: number): void => {
    const element = scroller.current
    if (!element) return
    const next = reveal(measure, { origin: view.origin, scrollTop: element.scrollTop }, index)
    if (next.origin !== view.origin) flushSync(() => setView({ ...view, origin: next.origin }))
    element.scrollTop = next.scrollTop
  }

  const currentIndex = props.current === undefined ? undefined : rows.indexOf(props.current)
  // a row that is not drawn has no element to point at
  const drawn = currentIndex !== undefined && currentIndex >= view.first && currentIndex < view.last
  const move = (delta: number): void => {
    const top = Math.ceil((scroller.current?.scrollTop ?? 0) / rowHeight) + view.origin
    const target = currentIndex === undefined ? top : currentIndex + delta
    const index = Math.max(0, Math.min(target, rows.count - 1))
    const row = rows.row(index)
    show(index)
    if (row !== undefined) props.onCurrent(keyOf(row), row)
  }
  const open = (): void => {
    const row = currentIndex === undefined ? undefined : rows.row(currentIndex)
    if (row !== undefined) props.onOpen(keyOf(row), row)
  }
  const toggle = (): void => {
    if (props.current !== undefined && currentIndex !== undefined) selection?.toggle(props.current, currentIndex, false)
  }
  useImperativeHandle(props.handle, () => ({
    move,
    open,
    toggle,
    toTop: () => {
      flushSync(() => setView((old) => ({ ...old, origin: 0 })))
      if (scroller.current) scroller.current.scrollTop = 0
    },
  }))

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.target !== event.currentTarget) return
    const act = { ArrowDown: () => move(1), ArrowUp: () => move(-1), Enter: open, ' ': selection && toggle }[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  const indexes = Array.from({ length: Math.max(0, Math.min(view.last, count) - view.first) }, (_, i) => view.first + i)
  const template = lead ? `${lead}px ${columns.template}` : columns.template
  return (
    <div className="relative min-h-0 flex-1">
      <div
        ref={scroller}
        role="grid"
        aria-label={props.label}
        aria-rowcount={rows.ended ? rows.count + 1 : -1}
        aria-activedescendant={drawn ? `${id}-${currentIndex}` : undefined}
        aria-multiselectable={selection ? true : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onScroll={(event) => {
          const { scrollTop } = event.currentTarget
          look(view.origin, scrollTop)
          props.onScrolled?.(view.origin === 0 && scrollTop < rowHeight)
        }}
        className="absolute inset-0 overflow-auto bg-panel focus-visible:outline-offset-[-2px]"
        style={{ overflowAnchor: 'none' }}
      >
        <div role="rowgroup" className="contents">
          <GridHeader columns={columns} lead={lead} leadCell={selection?.headCell} />
        </div>
        <div
          role="rowgroup"
          className="relative"
          style={{ height: canvasHeight(measure, view.origin), minWidth: columns.least + lead }}
        >
          {indexes.map((index) => {
            const row = rows.row(index)
            const key = row === undefined ? undefined : keyOf(row)
            return (
              <GridRow
                // a row keeps its element while the list grows above it
                key={key ?? index}
                id={`${id}-${index}`}
                index={index}
                top={(index - view.origin) * rowHeight}
                height={rowHeight}
                row={row}
                rowKey={key}
                columns={columns.shown}
                template={template}
                current={key !== undefined && key === props.current}
                selected={key !== undefined && selection ? selection.has(key) : undefined}
                selectLabel={key !== undefined ? selection?.label(key) : undefined}
                className={row === undefined ? undefined : props.rowClass?.(row)}
                onOpen={props.onOpen}
                onToggle={selection?.toggle}
              />
            )
          })}
        </div>
      </div>
      {rows.ended && rows.count === 0 && props.empty ? (
        <div className="absolute inset-x-0 top-[30px] bottom-0 overflow-auto bg-panel">{props.empty}</div>
      ) : null}
    </div>
  )
}

interface GridRowProps<T> {
  id: string
  index: number
  top: number
  height: number
  row: T | undefined
  rowKey: string | undefined
  columns: readonly GridColumn<T>[]
  template: string
  current: boolean
  selected: boolean | undefined
  selectLabel: string | undefined
  className: string | undefined
  onOpen: (key: string, row: T) => void
  onToggle: ((key: string, index: number, range: boolean) => void) | undefined
}

function GridRowPlain<T>(props: GridRowProps<T>) {
  const { row, rowKey, columns, index, selected } = props
  return (
    <div
      id={props.id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected === undefined ? props.current : selected}
      aria-busy={row === undefined ? true : undefined}
      onClick={() => {
        if (row !== undefined && rowKey !== undefined && !getSelection()?.toString()) props.onOpen(rowKey, row)
      }}
      className={classes(
        'absolute inset-x-0 grid items-center border-line-soft border-b',
        props.current
          ? 'bg-row-on before:absolute before:inset-y-0 before:left-0 before:w-0.5 before:bg-accent'
          : selected
            ? 'bg-row-on'
            : 'hover:bg-row-hover',
        props.className,
      )}
      style={{ transform: `translateY(${props.top}px)`, height: props.height, gridTemplateColumns: props.template }}
    >
      {selected === undefined && !props.onToggle ? null : (
        <div role="gridcell" className="grid place-items-center">
          {rowKey === undefined ? null : (
            <input
              type="checkbox"
              checked={selected ?? false}
              aria-label={props.selectLabel}
              onClick={(event) => event.stopPropagation()}
              onChange={({ nativeEvent }) =>
                props.onToggle?.(rowKey, index, nativeEvent instanceof MouseEvent && nativeEvent.shiftKey)
              }
              className="size-3.5 accent-accent"
            />
          )}
        </div>
      )}
      {columns.map((column) => (
        <div
          key={column.id}
          role="gridcell"
          className={classes('min-w-0 truncate px-2.5', column.align === 'end' && 'num text-right text-dim')}
        >
          {row === undefined ? (
            <span
              role="presentation"
              className="skeleton inline-block h-2.5 align-middle"
              style={{ width: `${36 + ((index * 37 + column.id.length * 17) % 48)}%` }}
            />
          ) : (
            column.render(row)
          )}
        </div>
      ))}
    </div>
  )
}

const GridRow = memo(GridRowPlain) as typeof GridRowPlain
