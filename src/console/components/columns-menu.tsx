/** Which columns a grid shows, and in what order: the keyboard's way to what dragging headings does. */

import { ChevronDown, ChevronUp, Columns3 } from 'lucide-react'
import { text } from '../text.ts'
import { Button } from '../ui/button.tsx'
import type { Columns } from '../ui/grid/columns.ts'
import { Popover } from '../ui/popover.tsx'

const words = text.columns

export function ColumnsMenu({ columns }: { columns: Columns }) {
  return (
    <Popover
      title={words.title}
      align="end"
      trigger={
        <button
          type="button"
          aria-label={words.title}
          title={words.title}
          className="inline-grid size-[30px] shrink-0 place-items-center rounded-md border border-line bg-raised text-dim hover:bg-row-hover hover:text-text"
        >
          <Columns3 size={14} />
        </button>
      }
    >
      <ul>
        {columns.all.map((column, index) => {
          const name = String(column.columnDef.header)
          return (
            <li key={column.id} className="group flex h-7 items-center pr-2 pl-3 hover:bg-row-hover">
              <label className="flex min-w-0 flex-1 items-center gap-2">
                <input
                  type="checkbox"
                  className="size-3.5 accent-accent"
                  checked={column.getIsVisible()}
                  onChange={(event) => {
                    // a list without columns could not be told from an empty one
                    if (event.target.checked || columns.ids.length > 1) column.toggleVisibility(event.target.checked)
                  }}
                />
                <span className="truncate">{name}</span>
              </label>
              <MoveButton
                label={words.moveUp(name)}
                disabled={index === 0}
                onClick={() => columns.move(column.id, index - 1)}
              >
                <ChevronUp size={13} />
              </MoveButton>
              <MoveButton
                label={words.moveDown(name)}
                disabled={index === columns.all.length - 1}
                onClick={() => columns.move(column.id, index + 1)}
              >
                <ChevronDown size={13} />
              </MoveButton>
            </li>
          )
        })}
      </ul>
      <div className="mt-1.5 flex items-center justify-between gap-2 border-line-soft border-t px-3 pt-2 pb-1">
        <p className="text-faint text-sm">{words.help}</p>
        <Button small onClick={columns.reset}>
          {words.reset}
        </Button>
      </div>
    </Popover>
  )
}

interface MoveButtonProps {
  label: string
  disabled: boolean
  onClick: () => void
  children: React.ReactNode
}

function MoveButton({ label, ...rest }: MoveButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      className="grid size-6 place-items-center rounded-sm text-faint hover:text-text disabled:opacity-0"
      {...rest}
    />
  )
}
