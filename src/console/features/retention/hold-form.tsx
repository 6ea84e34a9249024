/** Placing a legal hold: what it covers, and why. */

import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { toast } from 'sonner'
import type { HoldScopeInput, HoldView } from '../../../contract/retention.ts'
import { useApi } from '../../api.ts'
import { blankScope, ScopeFields, scopeOf } from '../../components/hold-scope.tsx'
import { ReasonDialog } from '../../components/reason-dialog.tsx'
import { count } from '../../format.ts'
import { text } from '../../text.ts'
import { useRefreshed } from './fresh.ts'

const words = text.retention.holds

export interface PlaceHoldProps {
  onClose: () => void
  onPlaced: (hold: HoldView) => void
}

export function PlaceHold({ onClose, onPlaced }: PlaceHoldProps) {
  const { client } = useApi()
  const refreshed = useRefreshed()
  const [written, setWritten] = useState(blankScope)
  const scope = scopeOf(written)
  const place = useMutation({
    mutationFn: ({ reason, covers }: { reason: string; covers: HoldScopeInput }) =>
      client.retention.placeHold({ scope: covers, reason }),
    onSuccess: async (hold) => {
      await refreshed()
      toast.success(words.placed(count(hold.id)))
      onPlaced(hold)
    },
  })
  return (
    <ReasonDialog
      wide
      title={words.placeTitle}
      help={words.placeHelp}
      reasonHelp={text.retention.reasonHelp}
      confirm={words.placeGo}
      ready={scope !== undefined}
      busy={place.isPending}
      error={place.error}
      onConfirm={(reason) => scope && place.mutate({ reason, covers: scope })}
      onClose={onClose}
    >
      <ScopeFields written={written} onChange={setWritten} />
    </ReasonDialog>
  )
}
