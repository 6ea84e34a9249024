/** Erasing the personal part of rows: who, on what, why. The chain still verifies. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { toast } from 'sonner'
import type { AuditRowView } from '../../../contract/audit.ts'
import { useApi } from '../../api.ts'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import type { PagedRows } from '../../ui/grid/paged-rows.ts'
import { Note } from '../../ui/note.tsx'

const words = text.audit.erase

export interface EraseRowsProps {
  /** numbers of the rows */
  keys: ReadonlySet<string>
  rows: PagedRows<AuditRowView>
  onClose: () => void
  onDone: () => void
}

export function EraseRows({ keys, rows, onClose, onDone }: EraseRowsProps) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const erase = useMutation({
    mutationFn: (reason: string) => client.audit.erase({ sequences: [...keys].map(Number), reason }),
    onSuccess: async ({ erased }) => {
      await cache.invalidateQueries({ queryKey: queries.audit.key() })
      toast.success(words.done(erased, count(erased)))
      onDone()
    },
  })
  const before = [...keys].filter((key) => rows.row(rows.indexOf(key) ?? -1)?.actor === null).length
  const left = keys.size - before
  return (
    <ReasonDialog
      title={words.title(left, count(left))}
      help={words.help}
      reasonHelp={words.reasonHelp}
      confirm={words.go(left, count(left))}
      danger
      ready={left > 0}
      busy={erase.isPending}
      error={erase.error}
      onConfirm={(reason) => erase.mutate(reason)}
      onClose={onClose}
    >
      {before > 0 ? (
        <Note tone="plain">
          <span className="num">{words.already(before, count(before))}</span>
        </Note>
      ) : null}
    </ReasonDialog>
  )
}
