/** Filters that a person keeps under a name, in this browser. */

import { Bookmark, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { readSavedFilters, type SavedFilter, useSavedFilters } from '../../components/saved-filters.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Field } from '../../ui/field.tsx'
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx'

export interface SavedMenuProps {
  written: string
  onChoose: (written: string) => void
}

export function SavedMenu({ written, onChoose }: SavedMenuProps) {
  const [saved, setSaved] = useSavedFilters()
  const [naming, setNaming] = useState(false)
  const words = text.messages
  const forget = (filter: SavedFilter): void => setSaved(saved.filter((other) => other.name !== filter.name))
  return (
    <>
      <Menu
        align="end"
        trigger={
          <button
            type="button"
            aria-label={words.saved}
            title={words.saved}
            className="inline-grid size-[30px] shrink-0 place-items-center rounded-md border border-line bg-raised text-dim hover:bg-row-hover hover:text-text"
          >
            <Bookmark size={14} />
          </button>
        }
      >
        {saved.length === 0 ? <div className="max-w-56 px-3.5 py-1.5 text-faint text-sm">{words.savedNone}</div> : null}
        {saved.map((filter) => (
          <MenuItem key={filter.name} icon={<Bookmark size={13} />} onClick={() => onChoose(filter.written)}>
            {filter.name}
          </MenuItem>
        ))}
        <MenuLine />
        <MenuItem disabled={written === ''} onClick={() => setNaming(true)}>
          {words.save}…
        </MenuItem>
        {saved
          .filter((filter) => filter.written === written)
          .map((filter) => (
            <MenuItem key={filter.name} danger icon={<Trash2 size={13} />} onClick={() => forget(filter)}>
              {words.forget(filter.name)}
            </MenuItem>
          ))}
      </Menu>
      {naming ? (
        <NameDialog
          written={written}
          onClose={() => setNaming(false)}
          onSave={(name) => {
            setSaved([...readSavedFilters().filter((other) => other.name !== name), { name, written }])
            setNaming(false)
          }}
        />
      ) : null}
    </>
  )
}

function NameDialog({
  written,
  onClose,
  onSave,
}: {
  written: string
  onClose: () => void
  onSave: (name: string) => void
}) {
  const [name, setName] = useState('')
  const submit = (): void => {
    if (name.trim() !== '') onSave(name.trim())
  }
  return (
    <Dialog
      open
      onClose={onClose}
      title={text.messages.save}
      footer={
        <>
          <Button onClick={onClose}>{text.common.cancel}</Button>
          <Button kind="primary" disabled={name.trim() === ''} onClick={submit}>
            {text.common.save}
          </Button>
        </>
      }
    >
      <form
        className="grid gap-3 px-5 pt-2 pb-3"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <div className="mono truncate rounded-md bg-sunken px-2.5 py-1.5">{written}</div>
        <Field
          label={text.messages.saveName}
          value={name}
          maxLength={60}
          onChange={(event) => setName(event.target.value)}
        />
      </form>
    </Dialog>
  )
}
