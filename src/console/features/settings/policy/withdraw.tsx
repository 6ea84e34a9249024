/** Withdraws a change that is not yet in force. */

import { useMutation } from '@tanstack/react-query'
import { toast } from 'sonner'
import { useApi } from '../../../api.ts'
import { ReasonDialog } from '../../../components/reason-dialog.tsx'
import { count } from '../../../format.ts'
import { text } from '../../../text.ts'
import { Note } from '../../../ui/note.tsx'
import { useRefreshedPolicy } from './data.ts'

const words = text.settings.versions.withdrawing

export interface WithdrawProps {
  version: number
  /** whether accounts were told already */
  announced: boolean
  onClose: () => void
}

export function Withdraw({ version, announced, onClose }: WithdrawProps) {
  const { client } = useApi()
  const refreshed = useRefreshedPolicy()
  const withdraw = useMutation({
    mutationFn: (reason: string) => client.policy.withdraw({ version, reason }),
    onSuccess: async () => {
      await refreshed()
      toast.success(words.done(count(version)))
      onClose()
    },
  })
  return (
    <ReasonDialog
      title={words.title(count(version))}
      help={words.help}
      reasonHelp={words.reasonHelp}
      confirm={words.go}
      danger
      busy={withdraw.isPending}
      error={withdraw.error}
      onConfirm={(reason) => withdraw.mutate(reason)}
      onClose={onClose}
    >
      {announced ? (
        <Note tone="warning">
          <p>{words.announcedHelp}</p>
        </Note>
      ) : null}
    </ReasonDialog>
  )
}
