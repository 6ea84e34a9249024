/** Backups: which were made, until when they may exist, how one is made and how it is restored. */

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { BackupView } from '../../../contract/keys.ts'
import { DAY_MS } from '../../../model/retention.ts'
import { problemOf, useApi, useUser } from '../../api.ts'
import { FormDialog } from '../../components/form-dialog.tsx'
import { count, duration, shortDate, size, utcTime } from '../../format.ts'
import { text } from '../../text.ts'
import { Button } from '../../ui/button.tsx'
import { CodeBlock, Copyable } from '../../ui/copy.tsx'
import { Field } from '../../ui/field.tsx'
import { Note } from '../../ui/note.tsx'
import { ProblemNote, SkeletonLines } from '../../ui/state.tsx'
import { tableClass } from '../../ui/table.ts'
import { useNow } from '../../ui/time.tsx'
import { Card, SectionHead } from './section.tsx'

const words = text.settings.backups

/** from here on a person should see to a backup */
const NEAR_MS = 7 * DAY_MS

export function Backups() {
  const { queries } = useApi()
  const mayMake = useUser().role === 'admin'
  const [making, setMaking] = useState(false)
  const backups = useQuery(queries.keys.backups.queryOptions())
  return (
    <>
      <SectionHead
        title={words.title}
        help={words.help}
        action={mayMake ? <Button onClick={() => setMaking(true)}>{words.make}</Button> : null}
      />
      {backups.isError ? (
        <ProblemNote {...problemOf(backups.error)} onRetry={() => void backups.refetch()} />
      ) : backups.data === undefined ? (
        <SkeletonLines lines={3} />
      ) : (
        <BackupList backups={backups.data} />
      )}
      <h3 className="section-title mt-6 mb-1">{words.restore}</h3>
      <p className="mb-2 text-dim">{words.restoreHelp}</p>
      <CodeBlock
        value="mailward restore BACKUP-FOLDER --data NEW-FOLDER --key-file LOG-KEY"
        label={words.restoreCommand}
      />
      {making ? <MakeBackup onClose={() => setMaking(false)} /> : null}
    </>
  )
}

function BackupList({ backups }: { backups: readonly BackupView[] }) {
  const now = useNow(60_000)
  const over = backups.filter(({ present, destroyBy }) => present && Date.parse(destroyBy) <= now)
  return (
    <>
      {over.length > 0 ? (
        <Note tone="bad" title={words.overTitle(over.length, count(over.length))} className="mb-3">
          <p className="text-dim">{words.overHelp}</p>
        </Note>
      ) : null}
      <Card>
        {backups.length === 0 ? (
          <p className="px-4 py-3 text-dim">{words.none}</p>
        ) : (
          <table className={tableClass}>
            <thead>
              <tr>
                <th scope="col">{words.column.made}</th>
                <th scope="col">{words.column.folder}</th>
                <th scope="col">{words.column.holds}</th>
                <th scope="col" className="text-right!">
                  {words.column.size}
                </th>
                <th scope="col">{words.column.destroyBy}</th>
              </tr>
            </thead>
            <tbody>
              {backups.map((backup) => (
                <BackupRow key={backup.id} backup={backup} now={now} />
              ))}
            </tbody>
          </table>
        )}
      </Card>
    </>
  )
}

function BackupRow({ backup, now }: { backup: BackupView; now: number }) {
  const { createdAt, folder, headers, days, live, bytes, present } = backup
  return (
    <tr>
      <td className="num whitespace-nowrap" title={utcTime(createdAt)}>
        {shortDate(createdAt)}
      </td>
      <td className="max-w-0 w-[34%]">
        <Copyable value={folder} what={words.folder} />
      </td>
      <td className="num whitespace-nowrap text-dim" title={live > 0 ? words.live(live, count(live)) : undefined}>
        {words.headers(headers, count(headers))} {days > 0 ? words.ofDays(days, count(days)) : null}
      </td>
      <td className="num whitespace-nowrap text-right text-dim">{size(bytes)}</td>
      <td className="num whitespace-nowrap">
        {present ? (
          <DestroyBy at={backup.destroyBy} now={now} />
        ) : (
          <span className="text-faint" title={words.goneHelp}>
            {words.gone}
          </span>
        )}
      </td>
    </tr>
  )
}

function DestroyBy({ at, now }: { at: string; now: number }) {
  const left = Date.parse(at) - now
  const tone = left <= 0 ? 'font-[550] text-bad' : left < NEAR_MS ? 'font-[550] text-wait' : ''
  const span = duration(Math.abs(left) / 1000, 1)
  return (
    <span className={tone} title={utcTime(at)}>
      {shortDate(at)}
      {left < NEAR_MS ? ` · ${left <= 0 ? words.over(span) : words.left(span)}` : null}
    </span>
  )
}

function MakeBackup({ onClose }: { onClose: () => void }) {
  const { client, queries } = useApi()
  const cache = useQueryClient()
  const [folder, setFolder] = useState('')
  const make = useMutation({
    mutationFn: () => client.keys.backup({ folder: folder.trim() }),
    onSuccess: async ({ bytes, leftOut }) => {
      await cache.invalidateQueries({ queryKey: queries.keys.key() })
      if (leftOut.length === 0) toast.success(words.made(size(bytes)))
      else
        toast.warning(words.made(size(bytes)), {
          description: words.leftOut(leftOut.join(', ')),
          duration: Number.POSITIVE_INFINITY,
        })
      onClose()
    },
  })
  return (
    <FormDialog
      title={words.makeTitle}
      description={words.help}
      submit={words.go}
      ready={folder.trim() !== '' && !make.isPending}
      problem={make.error ? problemOf(make.error) : undefined}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <Field
        label={words.folder}
        help={words.folderHelp}
        mono
        placeholder="/var/backups/mailward"
        value={folder}
        onChange={(event) => setFolder(event.target.value)}
      />
      {make.isPending ? (
        <p role="status" className="text-dim">
          {words.making}
        </p>
      ) : null}
    </FormDialog>
  )
}
