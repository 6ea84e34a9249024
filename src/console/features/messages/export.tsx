/** The filtered log as a file. Read page by page, so it says how far it is and can be stopped. */

import { Download } from 'lucide-react'
import { useState } from 'react'
import { toast } from 'sonner'
import type { MessageSummary } from '../../../contract/shapes.ts'
import type { MessageFilter } from '../../../model/filter.ts'
import { problemOf } from '../../api.ts'
import { saveFile } from '../../components/save-file.ts'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { Menu, MenuItem } from '../../ui/menu.tsx'
import type { MessageSource } from './source.ts'

const words = text.panel.exported

/** Records asked for at once: the most a page has. */
const PAGE = 1000

type Form = 'csv' | 'jsonl'

type Column = keyof Omit<MessageSummary, 'client'>
const ownColumns: readonly Column[] = [
  'id',
  'acceptedAt',
  'from',
  'to',
  'subject',
  'messageId',
  'size',
  'status',
  'keepUntil',
]
const allColumns: readonly Column[] = ['account', ...ownColumns]

/** A cell of a CSV file (RFC 4180). What a spreadsheet would run as a formula gets an apostrophe before it. */
function csvCell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

function csvLine(row: MessageSummary, columns: readonly Column[]): string {
  const cells = columns.map((column) => csvCell(column === 'to' ? row.to.join(' ') : String(row[column])))
  return `${cells.join(',')}\r\n`
}

interface Written {
  head: string
  line: (row: MessageSummary) => string
  type: string
}

function written(form: Form, columns: readonly Column[]): Written {
  return form === 'csv'
    ? { head: `${columns.join(',')}\r\n`, line: (row) => csvLine(row, columns), type: 'text/csv' }
    : { head: '', line: (row) => `${JSON.stringify(row)}\n`, type: 'application/jsonl' }
}

interface Run {
  done: number
  stop: AbortController
}

export function ExportMenu({ source, filter }: { source: MessageSource; filter: MessageFilter }) {
  const [run, setRun] = useState<Run>()

  async function save(form: Form): Promise<void> {
    const { head, line, type } = written(form, source.own ? ownColumns : allColumns)
    const stop = new AbortController()
    const parts = [head]
    const unreadable = new Set<string>()
    let done = 0
    let cursor: string | undefined
    setRun({ done, stop })
    try {
      await source.beginExport?.(filter, form, stop.signal)
      do {
        const page = await source.list(filter, PAGE, cursor, stop.signal)
        for (const row of page.items) parts.push(line(row))
        for (const day of page.unreadable) unreadable.add(day)
        done += page.items.length
        cursor = page.next ?? undefined
        setRun({ done, stop })
      } while (cursor !== undefined && !stop.signal.aborted)
      if (stop.signal.aborted) return
      saveFile(`messages-${new Date().toISOString().slice(0, 10)}.${form}`, new Blob(parts, { type }))
      if (unreadable.size === 0) toast.success(words.done(done, count(done)))
      else
        toast.warning(words.done(done, count(done)), {
          description: text.messages.unreadable([...unreadable].join(', '), !source.own),
          duration: Number.POSITIVE_INFINITY,
        })
    } catch (error) {
      if (stop.signal.aborted) return
      const { what, change } = problemOf(error)
      toast.error(what, { description: change })
    } finally {
      setRun(undefined)
    }
  }

  return (
    <>
      <Menu
        align="end"
        trigger={
          <button
            type="button"
            aria-label={words.title}
            title={words.title}
            className="inline-grid size-[30px] shrink-0 place-items-center rounded-md border border-line bg-raised text-dim hover:bg-row-hover hover:text-text"
          >
            <Download size={14} />
          </button>
        }
      >
        <MenuItem onClick={() => void save('csv')}>{words.csv}</MenuItem>
        <MenuItem onClick={() => void save('jsonl')}>{words.jsonl}</MenuItem>
      </Menu>
      {run ? (
        <Dialog
          open
          onClose={() => run.stop.abort()}
          title={words.running}
          footer={<Button onClick={() => run.stop.abort()}>{text.common.cancel}</Button>}
        >
          <p role="status" className="num px-5 pt-1 pb-2 text-dim">
            {words.read(run.done, count(run.done))}
          </p>
        </Dialog>
      ) : null}
    </>
  )
}
