/** Which columns a grid shows, and in what order: the keyboard's way to what dragging headings does. */

import { Columns3 } from 'lucide-react'
import { text } from '../text.ts'
import type { Columns } from '../ui/grid/columns.ts'
import { Menu, MenuCheck, MenuItem, MenuLabel, MenuLine } from '../ui/menu.tsx'

export function ColumnsMenu({ columns }: { columns: Columns }) {
  const words = text.messages
  return (
    <Menu
      align="end"
      trigger={
        <button
          type="button"
          aria-label={words.columns}
          title={words.columns}
          className="inline-grid size-[30px] shrink-0 place-items-center rounded-md border border-line bg-raised text-dim hover:bg-row-hover hover:text-text"
        >
          <Columns3 size={14} />
        </button>
      }
    >
      <MenuLabel>{words.columnsHelp}</MenuLabel>
      {columns.all.map((column) => (
        <MenuCheck
          key={column.id}
          checked={column.getIsVisible()}
          onChange={(visible) => {
            // a list without columns could not be told from an empty one
            if (visible || columns.ids.length > 1) column.toggleVisibility(visible)
          }}
        >
          {String(column.columnDef.header)}
        </MenuCheck>
      ))}
      <MenuLine />
      <MenuItem onClick={columns.reset}>{words.columnsReset}</MenuItem>
    </Menu>
  )
}
