// biome-ignore-all lint/a11y/useSemanticElements: table elements cannot hold rows that are placed by themselves
// biome-ignore-all lint/a11y/useFocusableInteractive: ordering by keyboard is in the columns menu
/** The headings of a grid: drag one to order it, its edge to size it. */

import { flushSync } from 'react-dom'
import { text } from '../../text.ts'
import { classes } from '../classes.ts'
import type { Columns } from './columns.ts'

const DRAG_TYPE = 'application/x-mailward-column'

export interface GridHeaderProps {
  columns: Columns
  /** pixels kept free before the first column */
  lead: number
  leadCell?: React.ReactNode
}

export function GridHeader({ columns, lead, leadCell }: GridHeaderProps) {
  const shown = new Set(columns.ids)
  const headers = columns.table.getHeaderGroups()[0]?.headers.filter((header) => shown.has(header.column.id)) ?? []
  return (
    <div
      role="row"
      aria-rowindex={1}
      className="sticky top-0 z-10 grid h-[30px] items-stretch border-line border-b bg-panel text-faint text-sm"
      style={{ gridTemplateColumns: lead ? `${lead}px ${columns.template}` : columns.template }}
    >
      {lead ? (
        <div role="columnheader" className="grid place-items-center">
          {leadCell}
        </div>
      ) : null}
      {headers.map((header) => (
        <div
          key={header.id}
          role="columnheader"
          draggable
          onDragStart={(event) => {
            event.dataTransfer.setData(DRAG_TYPE, header.column.id)
            event.dataTransfer.effectAllowed = 'move'
          }}
          onDragOver={(event) => {
            if (event.dataTransfer.types.includes(DRAG_TYPE)) event.preventDefault()
          }}
          onDrop={(event) => {
            const id = event.dataTransfer.getData(DRAG_TYPE)
            if (id)
              columns.move(
                id,
                columns.all.findIndex((column) => column.id === header.column.id),
              )
          }}
          className={classes(
            'group relative flex min-w-0 select-none items-center px-2.5 font-medium',
            header.column.columnDef.meta?.align === 'end' && 'justify-end',
          )}
        >
          <span className="truncate">{String(header.column.columnDef.header)}</span>
          <span
            aria-hidden
            draggable
            onDragStart={(event) => {
              event.preventDefault()
              event.stopPropagation()
            }}
            onMouseDown={(event) => {
              const cell = event.currentTarget.parentElement
              // a column that grows has no width of its own yet: it starts from the one it has on screen
              if (cell) flushSync(() => columns.setSize(header.column.id, cell.offsetWidth))
              header.getResizeHandler()(event)
            }}
            title={text.common.resize(String(header.column.columnDef.header))}
            className="absolute inset-y-1.5 -right-1 group-last:right-0 z-10 w-2 cursor-col-resize before:absolute before:inset-y-0 before:left-1/2 before:w-px before:bg-line before:opacity-0 before:content-[''] hover:before:bg-accent hover:before:opacity-100 group-hover:before:opacity-100"
          />
        </div>
      ))}
    </div>
  )
}
