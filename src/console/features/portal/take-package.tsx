/** Taking a package: the link and the passphrase, shown once. */

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { problemOf, useApi } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { momentInText } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock } from '../../ui/copy.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { useNow } from '../../ui/time.tsx'

const words = text.panel.requests

/** In the desktop the page has no address the file could be fetched from. */
const inBrowser = location.protocol.startsWith('http')

export function TakeExport({ id, request, onClose }: { id: number; request: number; onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const now = useNow()
  const take = useMutation({
    mutationFn: () => client.own.takeExport({ id }),
    onSuccess: () => cache.invalidateQueries({ queryKey: queries.own.request.key({ input: { id: request } }) }),
  })
  if (!take.data)
    return (
      <FormDialog
        title={words.takeTitle}
        description={words.takeHelp}
        submit={words.takeGo}
        ready={!take.isPending}
        problem={take.error ? problemOf(take.error) : undefined}
        onSubmit={() => take.mutate()}
        onClose={onClose}
      >
        {null}
      </FormDialog>
    )
  const { path, passphrase, expiresAt } = take.data
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={words.taken}
      description={words.takenHelp}
      footer={<Button onClick={onClose}>{words.done}</Button>}
    >
      <div className="grid gap-3 px-5 pt-2 pb-3">
        <div className="grid gap-1">
          <div className="font-medium text-sm">{words.passphrase}</div>
          <CodeBlock value={passphrase} label={words.passphrase} />
        </div>
        <div className="flex flex-wrap items-center gap-3">
          {inBrowser ? (
            <a
              href={path}
              download
              className="inline-flex h-[30px] items-center gap-1.5 rounded-md border border-accent bg-accent px-2.5 font-[550] text-on-accent hover:bg-accent-hover"
            >
              <Download size={14} aria-hidden />
              {words.download}
            </a>
          ) : (
            <span>{words.elsewhere(path)}</span>
          )}
          <span className="text-dim">{words.until(momentInText(expiresAt, now))}</span>
        </div>
      </div>
    </Dialog>
  )
}
